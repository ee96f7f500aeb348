import type { Agent, Task } from '../agent/agent.ts';
import { isTerminal } from '../agent/agent.ts';
import { openShelf } from '../shelf.ts';
import type { JobInput } from './input.ts';
import { nextLaunch, onceSpec, type RunState, runState } from './task-spec.ts';

/** One run of a one-off task under an id that the client chose: the same id is the same run, for ever. */
export interface Job {
  readonly key: string;
  /** Without its env once it began: that may hold secrets. */
  readonly input: JobInput;
  readonly taskId: string;
  readonly state: RunState;
  readonly exitCode?: number;
  /** `Command exited with status 3`. */
  readonly message: string;
  readonly timedOut: boolean;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export interface Jobs {
  readonly problems: readonly string[];
  /** Looks what became of the jobs that were going on. */
  start(): void;
  /** Starts a job, or finds the one that has this key already. */
  put(key: string, input: JobInput): { readonly job: Job; readonly created: boolean };
  get(key: string): Job | undefined;
  list(): readonly Job[];
  /** Ends a running job. False for an unknown key. */
  kill(key: string): boolean;
  /** Forgets a job that has ended, with its log. False for an unknown or running one. */
  forget(key: string): boolean;
  on(listener: (job: Job) => void): () => void;
  close(): void;
}

const owner = 'local-jobs';
/** Ended jobs that are remembered; the oldest go first. */
const keptJobs = 500;

export function createJobs(agent: Agent, folder: string): Jobs {
  const shelf = openShelf<Job>(folder);
  const jobs = new Map(
    [...shelf.loaded].sort((a, b) => a.createdAt - b.createdAt).map((job) => [job.key, job]),
  );
  const listeners = new Set<(job: Job) => void>();
  const timeouts = new Map<string, NodeJS.Timeout>();

  const keep = (job: Job): void => {
    jobs.set(job.key, job);
    shelf.save(job.key, job);
    for (const listener of listeners) listener(job);
  };
  const launch = (job: Job): void => {
    void agent.launch(job.taskId, onceSpec(owner, job.key, job.input, 2));
    watchTime(job);
  };
  const watchTime = ({ key, input, createdAt }: Job): void => {
    if (input.timeoutMs === 0) return;
    const expire = (): void => {
      const job = jobs.get(key);
      if (job?.state !== 'running') return;
      keep({ ...job, timedOut: true });
      agent.kill(job.taskId);
    };
    clearTimeout(timeouts.get(key));
    timeouts.set(key, setTimeout(expire, Math.max(0, createdAt + input.timeoutMs - Date.now())));
  };
  const changed = (task: Task): void => {
    const job = jobs.get(task.spec.name);
    if (job?.taskId !== task.id || job.state !== 'running') return;
    const begun = task.state === 'TASK_RUNNING' || isTerminal(task.state);
    keep({
      ...job,
      // once it began, it is never begun again
      input: begun ? { ...job.input, env: {} } : job.input,
      state: runState(task),
      message: task.message,
      ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
      ...(task.endedAt === undefined ? {} : { endedAt: task.endedAt }),
      ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
    });
    if (!isTerminal(task.state)) return;
    clearTimeout(timeouts.get(job.key));
    timeouts.delete(job.key);
    thinOut();
  };
  const thinOut = (): void => {
    const ended = [...jobs.values()].filter(({ state }) => state !== 'running');
    for (const { key } of ended.slice(0, -keptJobs)) forget(key);
  };
  const forget = (key: string): boolean => {
    const job = jobs.get(key);
    if (!job || job.state === 'running') return false;
    agent.forget(job.taskId);
    jobs.delete(key);
    shelf.remove(key);
    return true;
  };
  /** A launch that was cut off, and provably never ran, is made anew. */
  const resume = (job: Job): void => {
    const task = agent.task(job.taskId);
    if (task && task.state !== 'TASK_LOST') {
      watchTime(job);
      changed(task);
      return;
    }
    const again = { ...job, taskId: nextLaunch(job.taskId) };
    keep(again);
    launch(again);
  };
  const stopListening = agent.on(({ task }) => {
    if (task.spec.owner === owner) changed(task);
  });

  return {
    problems: shelf.problems,
    start() {
      for (const job of [...jobs.values()]) if (job.state === 'running') resume(job);
    },
    put(key, input) {
      const known = jobs.get(key);
      if (known) return { job: known, created: false };
      const taskId = `job:${key}:1`;
      const job: Job = {
        key,
        input,
        taskId,
        state: 'running',
        message: '',
        timedOut: false,
        createdAt: Date.now(),
      };
      keep(job);
      launch(job);
      return { job: jobs.get(key) ?? job, created: true };
    },
    get: (key) => jobs.get(key),
    list: () => [...jobs.values()],
    kill(key) {
      const job = jobs.get(key);
      if (job) agent.kill(job.taskId);
      return job !== undefined;
    },
    forget,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stopListening();
      for (const timer of timeouts.values()) clearTimeout(timer);
    },
  };
}
