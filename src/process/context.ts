import type { Edge } from '../edges/edge.ts';
import type { Host } from '../host/host.ts';
import type { App } from '../model/app.ts';
import type { DeploymentEvent } from '../model/deployment.ts';
import type { Release } from '../model/release.ts';
import type { Residency } from '../model/residence.ts';
import type { Home, Platform, Reveal } from '../platforms/platform.ts';
import type { Claim, Store } from '../store/store.ts';

/** What a step may use. Made anew in each process that carries a deployment on. */
export interface DeployContext {
  readonly host: Host;
  readonly store: Store;
  readonly claim: Claim;
  readonly release: Release;
  readonly environment: string;
  readonly homes: readonly DeployHome[];
  readonly edge?: Edge;
  readonly reveal: Reveal;
  /** Aborts when the deployment is to stop: Ctrl-C, cancel, a lost lock. */
  readonly signal: AbortSignal;
  /** Outputs of the steps before, by step name. */
  readonly outputs: ReadonlyMap<string, unknown>;
  readonly tell: (event: DeploymentEvent) => void;
}

/** One home of the app, with what it is to run. */
export interface DeployHome {
  readonly name: string;
  readonly platform: Platform;
  readonly home: Home;
  readonly app: App;
  readonly residency: Residency;
}
