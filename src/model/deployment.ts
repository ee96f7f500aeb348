import type { App } from './app.ts';
import type { Failure } from './failure.ts';

export type DeploymentStatus = 'running' | 'done' | 'failed' | 'rolled-back' | 'cancelled' | 'timed-out';

/** One run of the deploy process, as the journal has it and as `--json` shows it. Times are ISO 8601, UTC. */
export interface Deployment {
  readonly deployment: string;
  /** `deploy` and `rollback` are one process with other models; `sync` is many deployments. `retire` takes away. */
  readonly action: 'deploy' | 'rollback' | 'retire';
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  readonly homes: readonly string[];
  readonly status: DeploymentStatus;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** `user@host`. */
  readonly holder: string;
  /** Whether some live process is carrying it on at the moment; a running one without is interrupted. */
  readonly attended: boolean;
  readonly steps: readonly StepRecord[];
  readonly failure?: Failure;
}

export type StepStatus = 'pending' | 'running' | 'done' | 'skipped' | 'failed' | 'undoing' | 'undone';

export interface StepRecord {
  readonly name: string;
  readonly status: StepStatus;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly attempts: number;
  /** What it did, or why it was skipped or failed, in one line. */
  readonly message?: string;
  /** The last lines that its tasks, tests and commands printed, oldest first; secrets are masked. */
  readonly log?: readonly string[];
}

/** The model a deployment carries out, per home; kept with it, so that a resume does what was begun. */
export type Models = Readonly<Record<string, App>>;

/** What a watcher of a deployment is told, in order. Also the lines of `--json-stream`. */
export type DeploymentEvent =
  | { readonly type: 'deployment'; readonly at: string; readonly deployment: Deployment }
  | {
      readonly type: 'step';
      readonly at: string;
      readonly deployment: string;
      readonly app: string;
      readonly step: StepRecord;
    }
  | {
      readonly type: 'instances';
      readonly at: string;
      readonly deployment: string;
      readonly app: string;
      readonly home: string;
      readonly wanted: number;
      readonly running: number;
      readonly healthy: number;
      /** Why it is not done yet, in words. */
      readonly why?: string;
    }
  | {
      readonly type: 'waiting';
      readonly at: string;
      readonly deployment: string;
      readonly app: string;
      readonly why: string;
    }
  | {
      readonly type: 'log';
      readonly at: string;
      readonly deployment: string;
      readonly app: string;
      readonly source: string;
      readonly line: string;
    };
