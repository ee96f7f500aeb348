import type { PortRequest, TaskResources, TaskState } from '../agent/agent.ts';

/**
 * The orchestrator: keeps services running on the agent, with Marathon's semantics (facts of Marathon 1.11:
 * TaskReplaceActor, HealthCheckActor, RateLimiter). The Marathon facade and the local API are thin layers over it;
 * each has its own orchestrator, with its own name, folder and keys. `createOrchestrator` (create-orchestrator.ts)
 * makes one and loads its state; `start` sets it going, after the listeners have been attached.
 *
 * - A service is a key, a wanted number of instances, and a target revision. Revisions are the caller's (Marathon's
 *   version, a counter). Instances keep the revision they were started with; whatever ends is started again, the
 *   successful end included, with the same instance id and the next incarnation.
 * - At most one rollout per service goes on at a time; a new one supersedes the one before and starts from whatever
 *   mixture it finds. There is no timeout. Everything is on disk before a call returns; a daemon that starts again
 *   carries its rollouts on.
 */
export interface Orchestrator {
  /** `local`, `marathon:test1`: the owner of its tasks. */
  readonly name: string;
  /** Damaged or unwritable state, as sentences. */
  readonly problems: readonly string[];
  /** Adopts what runs, then carries on. Events of what happened while nobody watched are told now. */
  start(): void;
  /**
   * Sets what a service shall be and begins the rollout towards it. An unknown key is created.
   * - `replace`: every instance of another revision is replaced, by TaskReplaceActor's rules, and the backoff begins
   *   anew. With 0 instances wanted all are killed.
   * - `scale`: instances stay as they are, whatever their revision; the surplus is killed (unhealthy first, then not
   *   yet running, then by `killSelection`), what is missing is started with the new revision.
   * Ends (`done`) when the wanted number runs, is healthy (with health checks) and, in a replacement, ready
   * (with a readiness check), and nothing else runs.
   */
  put(key: string, wanted: Wanted): Rollout;
  /** Kills all instances and forgets the service. `done` when the last one ended. Undefined for an unknown key. */
  stop(key: string, rollout: string): Rollout | undefined;
  /**
   * Ends the rollout of a service where it stands: the target stays, mixed instances stay, missing ones are still
   * started again. False when none with this id goes on.
   */
  cancel(key: string, rollout: string): boolean;
  /**
   * Kills instances by their id (`demo_web.instance-UUID`); unknown ones are ignored. `replace`: `same` starts each
   * again as its next incarnation, `fresh` as a new instance, `none` not at all and lowers the wanted number.
   * Returns those that are killed.
   */
  kill(key: string, instances: readonly string[], replace: 'same' | 'fresh' | 'none'): readonly Instance[];
  /** Ends the waiting of a crash loop: Marathon's DELETE of a delay. False for an unknown key. */
  resetBackoff(key: string): boolean;
  service(key: string): ServiceView | undefined;
  services(): readonly ServiceView[];
  on(listener: (event: OrchestratorEvent) => void): () => void;
  /** Writes everything down and stops; the processes stay. */
  close(): void;
}

export interface Wanted {
  /** Chosen by the caller, so that it finds it again: the id of a deployment. */
  readonly rollout: string;
  readonly mode: 'replace' | 'scale';
  readonly revision: string;
  readonly instances: number;
  readonly config: ServiceConfig;
}

/** What one instance is, in one revision. Plain JSON. Kept on disk with mode 0600, because of env. */
export interface ServiceConfig {
  readonly image?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports: readonly PortRequest[];
  readonly resources: TaskResources;
  /** All must be alive for the instance to be healthy. With none, running is enough. */
  readonly health: readonly HealthCheckSpec[];
  readonly readiness?: ReadinessCheckSpec;
  readonly upgrade: UpgradeStrategy;
  readonly backoff: Backoff;
  readonly killSelection: 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
  /** From TERM to KILL, in ms. */
  readonly killGraceMs: number;
}

/** Fractions of the wanted number, 0 to 1. */
export interface UpgradeStrategy {
  readonly minHealthy: number;
  readonly maxOver: number;
}

/** The first failure waits `delayMs`, each further one `factor` times as long, at most `maxMs`. */
export interface Backoff {
  readonly delayMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export interface HealthCheckSpec {
  readonly protocol: 'http' | 'https' | 'tcp';
  /** For http(s), default `/`; 200 to 399 is healthy. */
  readonly path?: string;
  /** Which of the task's ports; a fixed `port` goes before. With neither and not exactly one port: never healthy. */
  readonly portIndex?: number;
  readonly port?: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures do not count until the first success or the end of this time after the start. */
  readonly graceMs: number;
  /** Killed at this many failures in a row; 0 never. (Marathon's maxConsecutiveFailures + 1.) */
  readonly killAfter: number;
  /** 100 to 199 change nothing. */
  readonly ignore1xx?: boolean;
}

/** Asked only while a replacement goes on, until it says ready. */
export interface ReadinessCheckSpec {
  readonly name: string;
  readonly protocol: 'http' | 'https';
  readonly path: string;
  readonly portIndex: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly readyStatus: readonly number[];
  readonly preserveLastResponse: boolean;
}

export interface ServiceView {
  readonly key: string;
  /** Of the target. */
  readonly revision: string;
  readonly instancesWanted: number;
  readonly config: ServiceConfig;
  readonly instances: readonly Instance[];
  /** The one that goes on, or the last one. */
  readonly rollout?: Rollout;
  readonly queue?: Queued;
  /** The last task that failed, or was killed for bad health. */
  readonly lastFailure?: TaskFailure;
}

/** One instance; a new snapshot after every change. Times are ms since 1970. */
export interface Instance {
  /** `demo_web.instance-UUID`. */
  readonly id: string;
  /** N of the task id, from 1. */
  readonly incarnation: number;
  /** `demo_web.instance-UUID._app.N`. Logs: `agent.task(taskId)?.sandbox`. */
  readonly taskId: string;
  readonly revision: string;
  /**
   * State of the task. A terminal one here means: waits for its next start (backoff), ports are empty.
   * TASK_STAGING with no `stagedAt` means: not launched yet.
   */
  readonly state: TaskState;
  readonly message: string;
  readonly ports: readonly number[];
  readonly stagedAt?: number;
  readonly startedAt?: number;
  /** One per health check that has had a result (or is in its grace), in their order. */
  readonly health: readonly HealthResult[];
  /** All checks alive; undefined without health checks or before the first result. */
  readonly healthy?: boolean;
  /**
   * May get traffic: RUNNING, and every check succeeded once and has not failed `killAfter` times in a row since.
   * Steadier than `healthy`, which one bad answer ends.
   */
  readonly serving: boolean;
  /** Only in a replacement with a readiness check. */
  readonly readiness?: ReadinessResult;
}

export interface HealthResult {
  /** lastSuccess > lastFailure. */
  readonly alive: boolean;
  readonly consecutiveFailures: number;
  readonly firstSuccess?: number;
  readonly lastSuccess?: number;
  readonly lastFailure?: number;
  /** `500 Internal Server Error`, `connection refused`. */
  readonly lastFailureCause?: string;
}

export interface ReadinessResult {
  readonly name: string;
  readonly ready: boolean;
  /** With preserveLastResponse; an unreachable one is status 504. */
  readonly lastResponse?: { readonly status: number; readonly contentType: string; readonly body: string };
}

/** Instances that wait to be started. */
export interface Queued {
  readonly count: number;
  /** End of the backoff; absent or past: they are being started. */
  readonly until?: number;
  readonly since: number;
}

export interface TaskFailure {
  readonly taskId: string;
  readonly instanceId: string;
  readonly revision: string;
  readonly state: TaskState;
  /** `Command exited with status 1`, `Task was killed since health check failed. Reason: 500 Internal Server Error`. */
  readonly message: string;
  /** ms since 1970. */
  readonly at: number;
}

export interface Rollout {
  readonly id: string;
  readonly kind: 'replace' | 'scale' | 'stop';
  readonly revision: string;
  /** `superseded` by a later one, `cancelled` by `cancel`. */
  readonly state: 'running' | 'done' | 'cancelled' | 'superseded';
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** What happens, in order. `at` is ms since 1970. */
export type OrchestratorEvent =
  | { readonly type: 'task'; readonly at: number; readonly key: string; readonly instance: Instance }
  | {
      /** `alive` of one instance as a whole went over. */
      readonly type: 'health';
      readonly at: number;
      readonly key: string;
      readonly instance: Instance;
      readonly alive: boolean;
    }
  | {
      /** One check failed, outside of its grace. */
      readonly type: 'health-failed';
      readonly at: number;
      readonly key: string;
      readonly instance: Instance;
      readonly check: HealthCheckSpec;
    }
  | {
      /** Comes before the TASK_KILLING. */
      readonly type: 'unhealthy-kill';
      readonly at: number;
      readonly key: string;
      readonly instance: Instance;
      readonly reason: string;
      /** Of the failure before. */
      readonly failedAt: number;
    }
  | { readonly type: 'readiness'; readonly at: number; readonly key: string; readonly instance: Instance }
  /** It began or ended; `state` says which. */
  | { readonly type: 'rollout'; readonly at: number; readonly key: string; readonly rollout: Rollout }
  /** An instance is gone for good: replaced, or killed to scale down. */
  | { readonly type: 'gone'; readonly at: number; readonly key: string; readonly instance: Instance }
  /** A stopped service is forgotten; after its `rollout` event. */
  | { readonly type: 'removed'; readonly at: number; readonly key: string };

/** Front of the instance and task ids of a service: `/demo/web` gives `demo_web`. */
export function idOfKey(key: string): string {
  return key.replace(/^\//, '').replaceAll('/', '_');
}
