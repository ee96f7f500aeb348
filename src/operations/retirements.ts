import type { Deployment } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { Condition } from '../model/retirement.ts';
import type { Plan, Watch } from './operations.ts';

/** How an app leaves a home for good, and a home the workspace. */
export interface RetireOperations {
  /** Whether an app may leave a home, and what that would remove. Writes nothing. */
  planRetire(request: RetireRequest): Promise<RetireForecast | Failure>;
  /**
   * Takes an app out of a home, or says what keeps it there. The first look keeps the edge's figures in the store, so
   * that a later call can tell that nothing came meanwhile. One that was interrupted is carried on.
   */
  retire(request: RetireRequest, watch: Watch, signal: AbortSignal): Promise<Retirement | Failure>;
  planBringBack(request: BringBackRequest): Promise<Plan | Failure>;
  /** Brings what was retired last back, dark. `nothing-to-bring-back`. */
  bringBack(request: BringBackRequest, watch: Watch, signal: AbortSignal): Promise<BroughtBack | Failure>;
  /** What still refers to a home that the last app has left, and how rehome.yaml would be without it. */
  planCutOut(request: CutOutRequest): Promise<EmptiedHome | Failure>;
  /** Cuts an emptied home out of rehome.yaml. `still-needed` where something keeps it. */
  cutOut(request: CutOutRequest): Promise<EmptiedHome | Failure>;
}

export interface RetireRequest {
  readonly app: string;
  /** An environment: `test1`. */
  readonly where: string;
  /** The home to leave: `mesos`. */
  readonly from: string;
  /** How long no request may have reached it, ms; as `moves: {proof}` says where absent. */
  readonly proofMs?: number;
  /** Waits where only time is missing. */
  readonly wait: boolean;
  /** ms to wait for the lock; 0 fails at once. */
  readonly lockWaitMs: number;
}

interface Standing {
  readonly app: string;
  readonly environment: string;
  readonly home: string;
  /** None where an interrupted retirement was carried on. */
  readonly conditions: readonly Condition[];
  /** When it may, if all stays as it is: only time is missing. ISO 8601, UTC. */
  readonly retireAt?: string;
}

export interface RetireForecast extends Standing {
  readonly plan: Plan;
}

export interface Retirement extends Standing {
  /** Absent where a condition is not met. The snapshot has its id. */
  readonly deployment?: Deployment;
}

export interface BringBackRequest {
  readonly app: string;
  /** An environment: `test1`. */
  readonly where: string;
  /** The home that it was retired from; the last one where absent. */
  readonly from?: string;
  readonly lockWaitMs: number;
}

export interface BroughtBack {
  readonly deployment: Deployment;
  /** Id of the retirement. */
  readonly snapshot: string;
  readonly home: string;
  /** ISO 8601, UTC. */
  readonly retiredAt: string;
  /** Whether it is the very model that was retired; `why` says why not. */
  readonly exact: boolean;
  readonly why?: string;
}

export interface CutOutRequest {
  /** `test1.mesos` */
  readonly where: string;
  /** Its servers are switched off: nothing is looked at there. */
  readonly gone: boolean;
}

export interface EmptiedHome {
  readonly environment: string;
  readonly home: string;
  readonly platform: string;
  /** What keeps the home, in sentences; while there is one, nothing is cut out. */
  readonly keeps: readonly string[];
  readonly references: readonly Reference[];
  /** Native objects that rehome left there and that no app needs; cut out as well: `Service account`. */
  readonly leftovers: readonly string[];
  /** What runs there and is not rehome's: it stays. */
  readonly others: readonly string[];
  /** The change of rehome.yaml as a unified diff; empty where something keeps the home. */
  readonly patch: string;
}

/** A line of the workspace that still speaks of a home. */
export interface Reference {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** What becomes of it: `goes with the home`, or what to do. */
  readonly what: string;
}
