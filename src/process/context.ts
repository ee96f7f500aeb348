import type { Edge, Shares } from '../edges/edge.ts';
import type { Host } from '../host/host.ts';
import type { App, Backing, Env } from '../model/app.ts';
import type { Deployment, DeploymentEvent, StepRecord } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { Release } from '../model/release.ts';
import type { Residency } from '../model/residence.ts';
import type { Message } from '../notify/notifier.ts';
import type { Home, Platform, Reveal, Target } from '../platforms/platform.ts';
import type { Store } from '../store/store.ts';

/** What a step may use. Made anew by each process that carries a deployment on. */
export interface DeployContext {
  readonly id: string;
  readonly action: Deployment['action'];
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  readonly root: string;
  readonly host: Host;
  readonly store: Store;
  readonly homes: readonly DeployHome[];
  readonly front?: AppFront;
  readonly reveal: Reveal;
  /** Hides the secrets that were looked up so far. */
  readonly mask: (text: string) => string;
  /** Makes sure that something is there beside the app, and says what it made; undefined where nothing had to be. */
  readonly provision: (backing: Backing, signal: AbortSignal) => Promise<string | undefined | Failure>;
  readonly options: DeployOptions;
  /** Outputs of the steps before, by step name. */
  readonly outputs: Outputs;
  /** The record of the step that runs now. */
  readonly step: StepRecord;
  /** Aborts when the deployment is to stop: Ctrl-C, cancel, a lost lock. */
  readonly signal: AbortSignal;
  readonly tell: (event: Untimed) => void;
  /** Nobody is named who is to be told. */
  readonly tellsNobody?: boolean;
  readonly notify: (event: Message['event'], text: string) => Promise<readonly Failure[]>;
}

/** One home of the app, with what it is to run. */
export interface DeployHome {
  readonly name: string;
  readonly platform: Platform<unknown>;
  readonly target: Target<unknown>;
  readonly home: Home;
  readonly app: App;
  readonly release: Release;
  readonly residency: Residency;
  /** Apps that this one uses and that live elsewhere only, each as nothing but its address here. */
  readonly neighbours: readonly App[];
}

/** The app's stable address, where the environment has an edge. */
export interface AppFront {
  readonly edge: Edge;
  /** Percent by home, of all homes of the residence. */
  readonly shares: Shares;
  readonly address: { readonly host: string; readonly port: number };
}

/** Kept with the deployment, so that a resume does what was begun. */
export interface DeployOptions {
  /** Names of steps to leave out. */
  readonly skip: readonly string[];
  readonly tests: { readonly before: readonly StagedTest[]; readonly after: readonly StagedTest[] };
  /** How long post-control watches a new release, ms; 0 for not at all. */
  readonly watchMs: number;
  /** The move that it is part of. */
  readonly move?: string;
  /** Homes that this deployment adds to the app's residence. */
  readonly arrives?: readonly string[];
  /** In a retirement: the home that the app leaves. */
  readonly retires?: Retiring;
  /** In a rollback: take the data back too. Jobs of the release that is left. */
  readonly unmigrate?: { readonly schema: string; readonly deployment: string };
  /** Steps of the user's own, by their name in the process. */
  readonly custom: Readonly<Record<string, CustomStep>>;
}

export interface Retiring {
  readonly home: string;
  /** How long no request may have reached it, ms. */
  readonly proofMs: number;
  /** References of secrets that the app's manifest names there. */
  readonly secrets: readonly string[];
  /** As it is now, for the snapshot. */
  readonly manifest?: { readonly file: string; readonly text: string };
}

export type StagedTest = { readonly name: string } & (
  | { readonly http: string; readonly status: number; readonly contains?: string }
  | { readonly command: string }
  | { readonly task: string }
);

export type CustomStep =
  | { readonly exec: string; readonly undo?: string; readonly env?: Env }
  | { readonly http: string; readonly method: 'GET' | 'POST'; readonly status: number }
  | { readonly approve: string };

export type Outputs = ReadonlyMap<string, unknown>;

type WithoutStamp<T> = T extends DeploymentEvent ? Omit<T, 'at' | 'deployment' | 'app'> : never;
/** An event before the engine adds time, deployment and app. */
export type Untimed = WithoutStamp<Exclude<DeploymentEvent, { type: 'deployment' } | { type: 'step' }>>;
