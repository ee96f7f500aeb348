import type { Workspace } from '../manifest/workspace.ts';
import type { Comparison } from '../model/comparison.ts';
import type { Deployment, DeploymentEvent } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { Move, MoveEvent, MovePhase, MovePlan } from '../model/move.ts';
import type { Change, NativeObject } from '../model/native.ts';
import type { Note } from '../model/note.ts';
import type { LogLine } from '../platforms/platform.ts';
import type { Lock } from '../store/store.ts';
import type { RetireOperations } from './retirements.ts';

/**
 * Everything the doors (command line, later the server) can ask for, in one workspace. Foreseen failures are
 * values. Nothing here prints. Long operations tell what happens through `watch` and stop at `signal`.
 */
export interface Operations extends RetireOperations {
  /** Root folder of the workspace. */
  readonly root: string;
  readonly workspace: Workspace;
  /** Apps and environments by name, for completion and "nearest known name". */
  names(): Promise<Names | Failure>;
  /** Validates everything, or some apps, or for one environment. Problems are Notes, also what fails to parse. */
  check(query: { apps?: readonly string[]; environment?: string }): Promise<readonly Note[] | Failure>;
  render(target: AppVersion, where: string): Promise<readonly Rendered[] | Failure>;
  plan(targets: readonly AppVersion[], where: string): Promise<Plan | Failure>;
  /** What is wrong with any of several deployments, as far as it can be known without a look at a home. */
  validate(targets: readonly AppVersion[], where: string): Promise<undefined | Failure>;
  /** Resolves when the deployment is over, whatever its end; a Failure means that none was begun. */
  deploy(request: DeployRequest, watch: Watch, signal: AbortSignal): Promise<Deployment | Failure>;
  rollback(request: RollbackRequest, watch: Watch, signal: AbortSignal): Promise<Deployment | Failure>;
  /** What the rollback would deploy. */
  planRollback(request: RollbackRequest): Promise<Plan | Failure>;
  /** Brings `target` to the versions of `source`; deletes nothing. One deployment per app that differs. */
  sync(request: SyncRequest, watch: Watch, signal: AbortSignal): Promise<SyncResult | Failure>;
  /** What the sync would deploy. */
  planSync(request: SyncRequest): Promise<Plan | Failure>;
  status(query: { app?: string; environment?: string }): Promise<readonly AppStatus[] | Failure>;
  history(query: {
    app?: string;
    environment?: string;
    limit: number;
  }): Promise<readonly Deployment[] | Failure>;
  show(id: string): Promise<Deployment | Failure>;
  /** Carries an interrupted deployment on in this process, to its end. */
  resume(id: string, watch: Watch, signal: AbortSignal): Promise<Deployment | Failure>;
  /** Stops a deployment and undoes it; where its owner is gone, undoes it in this process. */
  cancel(id: string, watch: Watch, signal: AbortSignal): Promise<Deployment | Failure>;
  /** Also before it asks; refused where it is over, or never asks. */
  approve(id: string): Promise<undefined | Failure>;
  /** What a move would do; writes nothing. */
  planMove(request: MoveRequest): Promise<MoveForecast | Failure>;
  /**
   * Begins a move and carries it on. Resolves at its end, at an interruption (still `running`, with a failure), or
   * when nothing is left but a soak that is longer than this process waits (still `running`, without one).
   */
  move(request: MoveRequest, watch: WatchMove, signal: AbortSignal): Promise<Move | Failure>;
  /** Moves many apps, so many at a time. */
  moveAll(request: WaveRequest, watch: WatchMove, signal: AbortSignal): Promise<FleetResult | Failure>;
  /** Latest first. */
  moves(query: MovesQuery): Promise<readonly Move[] | Failure>;
  /**
   * Says something to the move of an app; for `back`, `finish` and `resume` the answer comes when that is through, or
   * another process that carries it on has taken it up.
   */
  steerMove(request: SteerRequest, watch: WatchMove, signal: AbortSignal): Promise<Move | Failure>;
  /** All that was recorded of a move, in order. */
  moveEvents(id: string): Promise<readonly MoveEvent[] | Failure>;
  /** How apps behave in one home against another, as they are live in both. Writes nothing. */
  compare(request: CompareRequest, signal: AbortSignal): Promise<Comparison | Failure>;
  locks(): Promise<readonly Lock[] | Failure>;
  releaseLock(app: string, environment: string): Promise<boolean | Failure>;
  logs(query: LogsRequest): AsyncIterable<LogLine | Failure>;
  /** Runs a command, or a named task of the manifest (`migration`), once in the app's home. */
  run(request: RunRequest, onLine: (line: string) => void, signal: AbortSignal): Promise<RunResult | Failure>;
  /** Brings the edges of this machine back in front of what was deployed before; `lab up` does. */
  serveAgain(): Promise<undefined | Failure>;
  /** Carries on detached and interrupted deployments: all that are due and then returns, or until `signal`. */
  work(
    request: { once: boolean; only?: string; watchMove?: WatchMove },
    watch: Watch,
    signal: AbortSignal,
  ): Promise<undefined | Failure>;
  doctor(): Promise<readonly Finding[]>;
  close(): void;
}

export interface Names {
  readonly apps: readonly string[];
  readonly environments: readonly string[];
  /** `test1.k8s` */
  readonly homes: readonly string[];
  /** Environments marked `protected: true`. */
  readonly protected: readonly string[];
}

/** `hcn:1.0.0` */
export interface AppVersion {
  readonly app: string;
  readonly version: string;
}

export interface Rendered {
  readonly home: string;
  readonly platform: string;
  readonly objects: readonly NativeObject[];
  readonly notes: readonly Note[];
}

export interface Plan {
  readonly environment: string;
  readonly apps: readonly PlannedApp[];
}

export interface PlannedApp extends AppVersion {
  /** What runs now, where it is known. */
  readonly current?: string;
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  /** Whether a migration would run, and to which schema version. */
  readonly migrates?: string;
  /** The schema version that a rollback would take the data back from. */
  readonly unmigrates?: string;
}

/** `where` is an environment (`test1`) or one of its homes (`test1.k8s`). */
export interface DeployRequest extends AppVersion {
  readonly where: string;
  readonly skip: readonly string[];
  /** ms to wait for the lock; 0 fails at once. */
  readonly lockWaitMs: number;
  /** Only begin it; a worker carries it on. */
  readonly detach: boolean;
  /** ms after which this client stops waiting and leaves it to a worker (`timed-out`). */
  readonly timeoutMs?: number;
}

export interface RollbackRequest {
  readonly app: string;
  readonly where: string;
  /** The release before the current one, where absent. */
  readonly to?: string;
  readonly withMigration: boolean;
  readonly lockWaitMs: number;
}

export interface SyncRequest {
  readonly target: string;
  readonly source: string;
  readonly parallel: number;
  readonly lockWaitMs: number;
}

export interface SyncResult {
  readonly deployments: readonly Deployment[];
  /** Apps that could not even be begun. */
  readonly failures: Readonly<Record<string, Failure>>;
}

export interface AppStatus {
  readonly app: string;
  readonly environment: string;
  readonly homes: readonly HomeStatus[];
  /** The stable address on the edge: `http://127.0.0.1:21003`. */
  readonly address?: string;
  /** The deployment that is under way, if any. */
  readonly deployment?: string;
  /** Nobody carries that deployment on. */
  readonly interrupted?: true;
}

export interface HomeStatus {
  readonly home: string;
  readonly platform: string;
  readonly version?: string;
  readonly instances: { readonly wanted: number; readonly running: number; readonly healthy: number };
  readonly share: number;
  readonly duty: boolean;
  readonly phase: string;
  /** What is not as it should be: `not deployed by rehome`, `unreachable`. */
  readonly remark?: string;
}

export interface LogsRequest {
  readonly app: string;
  readonly where: string;
  readonly tail: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface RunRequest {
  readonly app: string;
  readonly where: string;
  readonly task?: string;
  readonly command?: string;
}

export interface RunResult {
  readonly ok: boolean;
  readonly exitCode?: number;
  readonly why: string;
}

/** Homes as `test1.k8s`; all apps that either of them has, where none is named. */
export interface CompareRequest {
  readonly left: string;
  readonly right: string;
  readonly apps: readonly string[];
}

export interface Finding {
  readonly ok: boolean;
  /** What was looked at: `node 24.21.0`, `home test1.mesos`. */
  readonly subject: string;
  readonly message: string;
  readonly hint?: string;
}

export type Watch = (event: DeploymentEvent) => void;

/** What is not given is as `moves:` in rehome.yaml says. */
export interface MoveRequest {
  readonly app: string;
  /** An environment: `test1`. */
  readonly where: string;
  /** The home to move to: `k8s`. */
  readonly to: string;
  /** Percent, growing; 100 is added at the end. */
  readonly stages?: readonly number[];
  readonly holdMs?: number;
  readonly soakMs?: number;
  /** Every stage waits for a yes. */
  readonly manual?: boolean;
  /** Only begin it; a worker carries it on. */
  readonly detach: boolean;
}

export interface WaveRequest extends Omit<MoveRequest, 'app'> {
  /** All apps of the environment that do not live in `to` alone, where absent. */
  readonly apps?: readonly string[];
  /** How many at a time. */
  readonly wave: number;
  /** Whether the others go on when one goes back or fails; without it nothing new begins. */
  readonly keepGoing: boolean;
}

export interface FleetResult {
  readonly moves: readonly Move[];
  /** Apps whose move could not be begun. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** Apps that were not begun any more after a failure. */
  readonly left: readonly string[];
}

export interface MoveForecast {
  readonly app: string;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly version: string;
  readonly plan: MovePlan;
  /** What it would do, phase by phase, in words. */
  readonly actions: readonly { readonly phase: MovePhase; readonly action: string }[];
  /** What arriving would change in the new home; empty where the release is there already. */
  readonly arrival: Plan;
}

export interface MovesQuery {
  readonly app?: string;
  readonly environment?: string;
  readonly running?: boolean;
}

export interface SteerRequest {
  readonly app: string;
  readonly where: string;
  readonly what: 'pause' | 'resume' | 'back' | 'finish' | 'approve';
}

export type WatchMove = (event: MoveEvent) => void;
