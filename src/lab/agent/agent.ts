import type { Failure } from '../../model/failure.ts';

/**
 * The agent: the part of the lab that runs tasks as real processes of this machine, as a Mesos agent does.
 * It knows tasks only; services, rollouts and schedules are above it. `startAgent` (start-agent.ts) makes one.
 *
 * What holds for every task:
 * - Its life is STAGING → STARTING → RUNNING (→ KILLING) → one terminal state, each told to the listeners once,
 *   in this order, after it was written down. Every way of not starting (missing image, no free port, exec error)
 *   ends in TASK_FAILED; `launch` itself never fails.
 * - It outlives the daemon. A daemon that starts again adopts what still runs; what ended meanwhile it finds
 *   ended: with its exit code where `once` was set, else as TASK_FAILED. A task whose launch was cut off by the
 *   death of the daemon is TASK_LOST and provably never ran, or is adopted.
 *   These changes are not told as events, because nobody listens yet: compare `task(id)` with what you remember.
 * - An id is launched at most once, ever: `launch` with a known id returns the task there is.
 */
export interface Agent {
  /** As Mesos would call it, `lab-agent-S0`: the same for the life of the lab's folder. */
  readonly id: string;
  /** Where tasks listen: `127.0.0.1`. */
  readonly host: string;
  /** Whether the folder of an image can be seen at /app; `why` says why not. */
  readonly mounting: Mounting;
  /** Damaged state found at the start, as sentences. */
  readonly problems: readonly string[];
  /**
   * Writes the intent down, allocates ports, and starts the process. Resolves when the task is RUNNING or terminal.
   * Callers need not wait: everything is told to the listeners, the first event (STAGING) before the next tick.
   * The ports are known from the second event on (STARTING).
   */
  launch(id: string, spec: TaskSpec): Promise<Task>;
  /**
   * TASK_KILLING to the listeners, `before` awaited, TERM to the whole process group, KILL after the grace.
   * Does nothing for a task that is unknown, terminal or already being killed.
   */
  kill(id: string, options?: KillOptions): void;
  task(id: string): Task | undefined;
  /** In the order of their launch. Of terminal tasks only the last few of each owner and name are kept. */
  tasks(filter?: TaskFilter): readonly Task[];
  /** Forgets a terminal task and removes its sandbox; does nothing for others. */
  forget(id: string): void;
  /** Returns the way to stop listening. Listeners are called in the order of their coming and must not throw. */
  on(listener: (event: TaskEvent) => void): () => void;
  /** Folder of an image, or `missing-image`. */
  image(name: string): string | Failure;
  /** Replaces the catalogue: image name patterns to folder patterns, see images.ts. Running tasks stay. */
  setImages(images: Readonly<Record<string, string>>): void;
  /**
   * Kills every task and resolves when no process of any of them is left, with those that would not go. Whatever is
   * launched from then on stays TASK_STAGING and never runs.
   */
  stop(graceMs?: number): Promise<readonly Survivor[]>;
  /** Stops watching; the processes stay and the next agent on this folder adopts them. */
  close(): Promise<void>;
}

export interface TaskSpec {
  /** Whose task it is: the name of an orchestrator or scheduler, `local`, `marathon:test1`, `chronos:test1`. */
  readonly owner: string;
  /** What it belongs to there: the key of a service, the name of a cron. Only the last runs of one name are kept. */
  readonly name: string;
  /** Looked up in the catalogue; without one the task starts in its sandbox. */
  readonly image?: string;
  /** Handed to `/bin/sh -c` as it stands. */
  readonly command?: string;
  /** Executed without a shell; used where `command` is absent. With neither, the image's file `entrypoint` runs. */
  readonly args?: readonly string[];
  /**
   * Laid over what the agent sets itself (HOST, PORT, PORT0…, PORTS, MESOS_TASK_ID, MESOS_SANDBOX, PATH), so it wins.
   * Never written to disk by the agent.
   */
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly PortRequest[];
  /** Recorded, shown, not enforced. */
  readonly resources: TaskResources;
  /** From TERM to KILL, in ms. */
  readonly killGraceMs: number;
  /** The exit code counts: it is kept even when the daemon is dead at the end. For jobs and cron runs. */
  readonly once: boolean;
  /** Free for the owner; shown by the Mesos endpoints. */
  readonly labels?: Readonly<Record<string, string>>;
  /** How many terminal tasks of this owner and name stay, with their logs; default 5. */
  readonly keep?: number;
}

export interface PortRequest {
  /** Exactly this host port; absent or 0: any free one of the lab's block. */
  readonly port?: number;
  /** Further env variables that get this port: `PORT_10000`, `PORT_HTTP`. */
  readonly env?: readonly string[];
}

export interface TaskResources {
  /** Cores. */
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
  /** MiB. */
  readonly disk?: number;
  readonly gpus?: number;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_LOST';

/** One task as it is now: a frozen snapshot, a new one after every change. Times are ms since 1970. */
export interface Task {
  readonly id: string;
  /** Without its env, which may hold secrets. */
  readonly spec: Omit<TaskSpec, 'env'>;
  readonly state: TaskState;
  /** As Mesos words it: `Command exited with status 1`, `Command terminated with signal 15`; empty while all is well. */
  readonly message: string;
  /** Host ports, as many as asked for, from STARTING on. */
  readonly ports: readonly number[];
  /** Absolute path of its folder, with `stdout` and `stderr` (and `stdout.1` of a log that was cut at 10 MiB). */
  readonly sandbox: string;
  /** Leader of its process group. */
  readonly pid?: number;
  readonly stagedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Where known; absent when a signal ended it. */
  readonly exitCode?: number;
}

/** One change of state. */
export interface TaskEvent {
  readonly task: Task;
  /** ms since 1970. */
  readonly at: number;
}

export interface TaskFilter {
  readonly owner?: string;
  readonly name?: string;
}

export interface KillOptions {
  /** Instead of the task's own. */
  readonly graceMs?: number;
  /** Awaited between TASK_KILLING and TERM, so that traffic can be taken away; its failure is ignored. */
  readonly before?: (task: Task) => Promise<void>;
}

export type Mounting = { readonly works: true } | { readonly works: false; readonly why: string };

/** A process that could not be ended. */
export interface Survivor {
  readonly taskId: string;
  readonly pid: number;
}

/** Whether a task has ended, however. */
export function isTerminal(state: TaskState): boolean {
  return (
    state === 'TASK_FINISHED' || state === 'TASK_FAILED' || state === 'TASK_KILLED' || state === 'TASK_LOST'
  );
}
