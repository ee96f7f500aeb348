import type { DeploymentEvent } from './deployment.ts';
import type { Failure } from './failure.ts';

/** The way of a move, in order. `retire` is asked for by itself once a move is done. */
export const movePhases = ['arrive', 'compare', 'rehearse', 'share', 'duty', 'soak'] as const;
export type MovePhase = (typeof movePhases)[number];

/** `done`: the new home has everything, the old one is dark. `back`: the old home has everything again. */
export type MoveStatus = 'running' | 'done' | 'back' | 'abandoned';

/** One change of an app's home, as the store has it and as `--json` shows it. Times are ISO 8601, UTC. */
export interface Move {
  readonly move: string;
  readonly app: string;
  readonly environment: string;
  /** Homes of the environment, by name. */
  readonly from: string;
  readonly to: string;
  readonly status: MoveStatus;
  /** `back`: whatever was moved goes home again, because somebody said so or a gate did. */
  readonly direction: 'forth' | 'back';
  readonly phase: MovePhase;
  /** Percent by home, as last read from the edge. */
  readonly shares: Readonly<Record<string, number>>;
  /** What it does or waits for, or why it goes or went back, in words. */
  readonly why: string;
  /** Goes no further until `resume`; `back` and `finish` work all the same. */
  readonly paused: boolean;
  readonly plan: MovePlan;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** When the phase, or the stage of the share, ends by itself if all goes well; absent where nobody can say. */
  readonly nextAt?: string;
  /** `user@host` of whoever began it. */
  readonly holder: string;
  /** Whether some live process is carrying it on at the moment. */
  readonly attended: boolean;
  readonly failure?: Failure;
}

/** How one move goes: what `moves:` in rehome.yaml says, with what the command line said on top. Kept with it. */
export interface MovePlan {
  /** Percent, growing, the last one 100. */
  readonly stages: readonly number[];
  /** How long each stage is held, ms. */
  readonly holdMs: number;
  /** How long the old home is kept warm after everything has moved, ms. */
  readonly soakMs: number;
  /** Every stage waits for `rehome move approve`. */
  readonly manual: boolean;
  readonly gate: Gate;
}

/** What a stage must show of the new home before the next one begins. Looked at all the time; one failure returns. */
export interface Gate {
  /** Requests that the new home must have answered in the window for a verdict. */
  readonly minRequests: number;
  /** With too few requests at the end of a hold: wait for more, or go on. */
  readonly inconclusive: 'hold' | 'proceed';
  /** Errors of the new home, in percent of its requests, above those of the old one. */
  readonly errorPercent: number;
  /** Latency at this percentile may be so many times that of the old home … */
  readonly percentile: number;
  readonly latencyFactor: number;
  /** … plus so many ms, so that tiny latencies are not compared. */
  readonly latencySlackMs: number;
  /** New instances in place of failed ones that the new home may show in the window. */
  readonly restarts: number;
  /** Commands run on the operator's machine with SHARE, APP, ENVIRONMENT, FROM and TO set; exit code 0 passes. */
  readonly commands: readonly { readonly name: string; readonly exec: string }[];
  /** Queries of a Prometheus whose first value must stay within the bound. */
  readonly queries: readonly {
    readonly name: string;
    readonly prometheus: string;
    readonly query: string;
    readonly max: number;
  }[];
}

export type GateVerdict = 'pass' | 'fail' | 'inconclusive';

/** What one home did between two readings of the edge. */
export interface HomeFigures {
  readonly home: string;
  /** Percent, at the end. */
  readonly share: number;
  /** Length of the window, ms. */
  readonly windowMs: number;
  readonly requests: number;
  readonly errors: number;
  /** Of `requests`, those that another home with a share could not answer. */
  readonly overflow: number;
  /** ms; undefined where nothing was answered, or the edge does not tell. */
  readonly p50?: number;
  readonly p99?: number;
  readonly inFlight: number;
  readonly websockets: number;
  readonly instances: { readonly wanted: number; readonly running: number; readonly healthy: number };
  /** Instances that were replaced since the stage began; undefined where the home does not tell. */
  readonly restarts?: number;
}

/** What a watcher of a move is told, in order; also the lines of `--json-stream`, and what the report is made of. */
export type MoveEvent =
  /** The whole of it, whenever anything in it changed. */
  | { readonly type: 'move'; readonly at: string; readonly move: Move }
  /** Something was done: `share 10 %`, `disarm crons in mesos`, `deploy d12 to test1.k8s`. */
  | {
      readonly type: 'action';
      readonly at: string;
      readonly move: string;
      readonly app: string;
      readonly phase: MovePhase;
      readonly action: string;
      readonly outcome: 'begun' | 'done' | 'failed';
      /** What came of it, in one line. */
      readonly message?: string;
      /** How long it took, ms. */
      readonly tookMs?: number;
    }
  | {
      readonly type: 'figures';
      readonly at: string;
      readonly move: string;
      readonly app: string;
      readonly homes: readonly HomeFigures[];
    }
  | {
      readonly type: 'gate';
      readonly at: string;
      readonly move: string;
      readonly app: string;
      readonly stage: number;
      readonly verdict: GateVerdict;
      readonly why: string;
    }
  /** A run of a cron around the change of duty. */
  | {
      readonly type: 'tick';
      readonly at: string;
      readonly move: string;
      readonly app: string;
      readonly home: string;
      readonly cron: string;
    }
  /** Of a deployment that is part of the move. */
  | {
      readonly type: 'deployment';
      readonly at: string;
      readonly move: string;
      readonly event: DeploymentEvent;
    };
