import type { TaskState } from '../agent/agent.ts';
import type { Strategy } from './decide.ts';
import type { HealthResult, ReadinessResult, Rollout, ServiceConfig, TaskFailure } from './orchestrator.ts';

/** One service as the orchestrator keeps it and as it stands on disk. */
export interface Service {
  readonly key: string;
  revision: string;
  wanted: number;
  /** The target's and those of the members that are there. */
  revisions: Record<string, Revision>;
  members: Member[];
  rollout?: RolloutState;
  /** By `Revision.since`. */
  delays: Record<string, Delay>;
  lastFailure?: TaskFailure;
}

export interface Revision {
  readonly config: ServiceConfig;
  /** The revision that brought this config; a scaling keeps it, and with it the backoff. */
  readonly since: string;
}

export interface Member {
  readonly id: string;
  incarnation: number;
  taskId: string;
  readonly revision: string;
  state: TaskState;
  message: string;
  /** For its first start, or its next one. */
  waiting: boolean;
  ports: readonly number[];
  stagedAt?: number;
  startedAt?: number;
  /** By health check; without an entry before the first result. */
  health: (HealthResult | null)[];
  readiness?: ReadinessResult;
  /** `end`: is being killed for good. `restart`: is being killed, to be started again. */
  goal: 'run' | 'end' | 'restart';
}

export interface RolloutState extends Rollout {
  readonly strategy?: Strategy;
}

export interface Delay {
  /** The last one, in ms. */
  readonly delayMs: number;
  /** ms since 1970. */
  readonly until: number;
  readonly since: number;
}
