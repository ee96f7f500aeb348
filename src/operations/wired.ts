import type { Edge } from '../edges/edge.ts';
import type { Feature } from '../features/feature.ts';
import type { Host } from '../host/host.ts';
import type { Environment, HomeConfig, Workspace } from '../manifest/workspace.ts';
import type { Failure } from '../model/failure.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Home, Platform, Reveal, Target } from '../platforms/platform.ts';
import type { Engine } from '../process/engine.ts';
import type { Rule } from '../rules/rule.ts';
import type { Owner, Store } from '../store/store.ts';

/** What operations work with, put together by rehome.ts. */
export interface Wired {
  readonly workspace: Workspace;
  readonly platforms: readonly Platform[];
  readonly features: readonly Feature[];
  readonly notifiers: readonly Notifier[];
  readonly rules: readonly Rule[];
  readonly engine: Engine;
  readonly host: Host;
  readonly store: Store;
  readonly reveal: Reveal;
  /** Hides the secrets that were looked up so far. */
  readonly mask: (text: string) => string;
  /** `user@host`, written into locks and the history. */
  readonly holder: string;
  /** This process. */
  readonly owner: Owner;
  readonly print: (line: string) => void;
  /** Without looking at anything live. */
  platformOf(environment: Environment, home: HomeConfig): PlatformHome | Failure;
  /** The live side. `lab-not-running`, `missing-secret`. */
  connect(environment: Environment, home: HomeConfig): Promise<ConnectedHome | Failure>;
  /**
   * The edge of an environment, started where it is this machine's, once, and `again` where it may have died since;
   * undefined where the environment has none.
   */
  edgeOf(
    environment: Environment,
    how: { readonly start: boolean | 'again' },
  ): Promise<Edge | undefined | Failure>;
  /** What the edge of an environment needs here and finds, in words; undefined where there is nothing to look at. */
  lookAtEdge(environment: Environment): Promise<string | undefined | Failure>;
  /** Stable addresses of all apps of the environment on its edge; undefined without an edge. */
  addresses(environment: Environment): Promise<Addresses | undefined | Failure>;
  /** Starts a worker of its own for a deployment that nobody here waits for. */
  handOver(deployment: string): Promise<undefined | Failure>;
}

export interface PlatformHome {
  readonly platform: Platform;
  readonly target: Target;
}

export interface ConnectedHome extends PlatformHome {
  readonly home: Home;
}

/** Ports on 127.0.0.1 by app. */
export type Addresses = Readonly<Record<string, number>>;
