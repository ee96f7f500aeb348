import type { Failure } from '../../model/failure.ts';
import { isFailure } from '../../model/failure.ts';
import { type Agent, isTerminal, type Task } from '../agent/agent.ts';
import { openShelf } from '../shelf.ts';
import { createAlarm } from './alarm.ts';
import { type DueTimes, dueTimes } from './due-times.ts';
import type { CronInput } from './input.ts';
import { partsOf } from './keys.ts';
import { nextLaunch, onceSpec, type RunState, runState } from './task-spec.ts';

export interface Cron {
  readonly key: string;
  readonly input: CronInput;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Due times up to here are over and done with, ms since 1970: arming sets it, and every run. */
  readonly doneUntil: number;
  /** Oldest first; the last twenty. */
  readonly runs: readonly CronRun[];
  /** A failed run that is tried again. */
  readonly retry?: { readonly due: number; readonly attempt: number; readonly at: number };
}

export interface CronRun {
  readonly id: string;
  readonly taskId: string;
  /** When it was to start, ms since 1970; of a run by hand when that was asked for. */
  readonly due: number;
  /** From 1. */
  readonly attempt: number;
  readonly state: RunState | 'skipped';
  readonly message: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
}

export interface Crons {
  readonly problems: readonly string[];
  start(): void;
  /** Failure: `wrong-value` for a schedule that cannot be understood. */
  put(key: string, input: CronInput): 'created' | 'replaced' | 'unchanged' | Failure;
  /** Runs in progress go on; a retry that waits is dropped. False for an unknown key. */
  arm(key: string, armed: boolean): boolean;
  /** Runs it now, armed or not. Undefined for an unknown key. */
  trigger(key: string): CronRun | undefined;
  /** Ends its runs and forgets it. False for an unknown key. */
  remove(key: string): boolean;
  get(key: string): Cron | undefined;
  list(): readonly Cron[];
  /** When it is due next, ms since 1970; undefined while disarmed or when it is over. */
  next(key: string): number | undefined;
  on(listener: (cron: Cron) => void): () => void;
  close(): void;
}

const owner = 'local-crons';
const keptRuns = 20;
/** A run that was missed, because the lab was down or the machine slept, is made up for within this time only. */
const lateMs = 60_000;

export function createCrons(agent: Agent, folder: string): Crons {
  const shelf = openShelf<Cron>(folder);
  const crons = new Map(shelf.loaded.map((cron) => [cron.key, cron]));
  const times = new Map<string, DueTimes>();
  const listeners = new Set<(cron: Cron) => void>();

  const keep = (cron: Cron): void => {
    crons.set(cron.key, cron);
    shelf.save(cron.key, cron);
    for (const listener of listeners) listener(cron);
  };
  const timesOf = (cron: Cron): DueTimes => {
    const found = times.get(cron.key) ?? dueTimes(cron.input.schedule, cron.createdAt);
    const usable: DueTimes = isFailure(found) ? () => undefined : found;
    times.set(cron.key, usable);
    return usable;
  };
  const next = (cron: Cron): number | undefined =>
    cron.input.armed ? timesOf(cron)(cron.doneUntil) : undefined;
  const wakeAt = (): number | undefined => {
    const all = [...crons.values()].flatMap((cron) => [next(cron) ?? [], cron.retry?.at ?? []].flat());
    return all.length > 0 ? Math.min(...all) : undefined;
  };
  const alarm = createAlarm(wakeAt, () => {
    for (const cron of [...crons.values()]) lookAt(cron, Date.now());
  });

  const lookAt = (cron: Cron, now: number): void => {
    const first = next(cron);
    if (first !== undefined && first <= now) {
      const due = latestDue(timesOf(cron), first, now);
      keep({ ...cron, doneUntil: now });
      if (now - due <= lateMs) begin(cron.key, due, 1);
    }
    const { retry } = crons.get(cron.key) ?? cron;
    if (retry && retry.at <= now) begin(cron.key, retry.due, retry.attempt);
  };
  const begin = (key: string, due: number, attempt: number): CronRun | undefined => {
    const cron = crons.get(key);
    if (!cron) return undefined;
    const id = `${partsOf(key).name}-${new Date(due).toISOString()}-${attempt}`;
    const busy = !cron.input.concurrent && cron.runs.some(({ state }) => state === 'running');
    const run: CronRun = {
      id,
      taskId: `cron:${key}:${due}:${attempt}:1`,
      due,
      attempt,
      state: busy ? 'skipped' : 'running',
      message: busy ? 'The run before it still goes on' : '',
    };
    // after this write it is this run that happens, even when the lab dies before its task begins
    keep({ ...withoutRetry(cron), runs: keepRecent([...cron.runs, run]) });
    if (!busy) launch(cron, run);
    return run;
  };
  const launch = (cron: Cron, run: CronRun): void => {
    const env = {
      REHOME_CRON_NAME: partsOf(cron.key).name,
      REHOME_CRON_DUE: new Date(run.due).toISOString(),
      REHOME_CRON_ATTEMPT: String(run.attempt),
      ...cron.input.env,
    };
    void agent.launch(run.taskId, onceSpec(owner, cron.key, { ...cron.input, env }, keptRuns));
  };
  const changeRun = (cron: Cron, taskId: string, patch: Partial<CronRun>): void => {
    keep({ ...cron, runs: cron.runs.map((run) => (run.taskId === taskId ? { ...run, ...patch } : run)) });
  };
  const changed = (task: Task): void => {
    const cron = crons.get(task.spec.name);
    const run = cron?.runs.find(({ taskId, state }) => taskId === task.id && state === 'running');
    if (!cron || !run) return;
    changeRun(cron, run.taskId, {
      state: runState(task),
      message: task.message,
      ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
      ...(task.endedAt === undefined ? {} : { endedAt: task.endedAt }),
      ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
    });
    if (isTerminal(task.state)) retryLater(cron.key, run, runState(task));
  };
  const retryLater = (key: string, { due, attempt }: CronRun, state: RunState): void => {
    const cron = crons.get(key);
    if (state !== 'failed' || !cron?.input.armed || attempt > cron.input.retries) return;
    keep({ ...cron, retry: { due, attempt: attempt + 1, at: Date.now() + cron.input.retryDelayMs } });
    alarm.reconsider();
  };
  /** Looks what became of a run while nobody watched. One that never began is begun, if it is not too late. */
  const resume = (cron: Cron, run: CronRun): void => {
    const task = agent.task(run.taskId);
    if (task && task.state !== 'TASK_LOST') {
      changed(task);
      return;
    }
    if (Date.now() - run.due > lateMs) {
      const message = 'The lab ended before it was started';
      changeRun(cron, run.taskId, { state: 'failed', message, endedAt: Date.now() });
      return;
    }
    const taskId = nextLaunch(run.taskId);
    changeRun(cron, run.taskId, { taskId });
    launch(cron, { ...run, taskId });
  };
  const stopListening = agent.on(({ task }) => {
    if (task.spec.owner === owner) changed(task);
  });

  return {
    problems: shelf.problems,
    start() {
      for (const cron of [...crons.values()]) {
        for (const run of cron.runs) if (run.state === 'running') resume(crons.get(cron.key) ?? cron, run);
      }
      alarm.reconsider();
    },
    put(key, input) {
      const before = crons.get(key);
      if (before && JSON.stringify(before.input) === JSON.stringify(input)) return 'unchanged';
      const now = Date.now();
      const found = dueTimes(input.schedule, before?.createdAt ?? now);
      if (isFailure(found)) return found;
      times.set(key, found);
      const cron = {
        key,
        input,
        createdAt: before?.createdAt ?? now,
        runs: before?.runs ?? [],
        doneUntil: now,
      };
      keep(cron);
      alarm.reconsider();
      return before ? 'replaced' : 'created';
    },
    arm(key, armed) {
      const cron = crons.get(key);
      if (!cron) return false;
      if (cron.input.armed === armed) return true;
      keep({ ...withoutRetry(cron), input: { ...cron.input, armed }, doneUntil: Date.now() });
      alarm.reconsider();
      return true;
    },
    trigger: (key) => begin(key, Date.now(), 1),
    remove(key) {
      const cron = crons.get(key);
      if (!cron) return false;
      crons.delete(key);
      times.delete(key);
      shelf.remove(key);
      for (const { taskId, state } of cron.runs) {
        if (state === 'running') agent.kill(taskId);
        else agent.forget(taskId);
      }
      alarm.reconsider();
      return true;
    },
    get: (key) => crons.get(key),
    list: () => [...crons.values()],
    next(key) {
      const cron = crons.get(key);
      return cron && next(cron);
    },
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stopListening();
      alarm.stop();
    },
  };
}

/** Of several times that were missed the last one counts. */
function latestDue(dueAfter: DueTimes, first: number, now: number): number {
  const recent = dueAfter(Math.max(first, now - lateMs)) ?? first;
  let due = recent <= now ? recent : first;
  for (let later = dueAfter(due); later !== undefined && later <= now; later = dueAfter(due)) due = later;
  return due;
}

function withoutRetry(cron: Cron): Cron {
  const { retry: _retry, ...rest } = cron;
  return rest;
}

function keepRecent(runs: readonly CronRun[]): readonly CronRun[] {
  const old = runs.slice(0, -keptRuns).filter(({ state }) => state === 'running');
  return [...old, ...runs.slice(-keptRuns)];
}
