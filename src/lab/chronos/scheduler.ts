import type { Clock } from '../../host/host.ts';
import { type Agent, isTerminal } from '../agent/agent.ts';
import { dropOrphans, handDown } from './inherit.ts';
import type { Job } from './job.ts';
import { afterSuccess } from './outcome.ts';
import type { JobRecord, JobStore } from './record.ts';
import { endRun, fireDependents, launchRun, type RunContext, recoverRuns } from './run.ts';
import { afterRun, formatSchedule, type Schedule } from './schedule.ts';
import { startTimer } from './timer.ts';

/** Runs jobs when they are due, and those that depend on them. */
export interface Scheduler {
  readonly records: ReadonlyMap<string, JobRecord>;
  /** Takes a new job or replaces one; what runs goes on. */
  submit(job: Job, schedule: Schedule | undefined): void;
  /** Takes a job away and kills its tasks. */
  remove(name: string): void;
  /** Starts a run now. Silently not, when the job is disabled, or runs and may not run twice. */
  runNow(name: string, args: string): void;
  /** Counts a success that did not happen, and starts what depends on it. */
  markSuccess(name: string): void;
  /** Kills the tasks of a job; its counters stay. */
  kill(name: string): void;
  /** Listens and waits no more; tasks go on. */
  close(): void;
}

export interface SchedulerOptions {
  readonly store: JobStore;
  readonly agent: Agent;
  readonly clock: Clock;
  /** Owner of its tasks: `chronos:CLUSTER`. */
  readonly owner: string;
  /** Told of what went wrong where nobody waits for an answer. */
  readonly onBug: (error: unknown) => void;
}

export function startScheduler(options: SchedulerOptions): Scheduler {
  const { store, agent, clock, owner } = options;
  const { records } = store;
  const closing = new AbortController();
  const context: RunContext = { ...options, overdue: new Set(), closing: closing.signal };

  const stopListening = agent.on(({ task }) => {
    if (task.spec.owner !== owner || !isTerminal(task.state)) return;
    try {
      endRun(context, task);
      timer.reconsider();
    } catch (error) {
      // A full disk, say. The run is counted when the lab starts again.
      options.onBug(error);
    }
  });
  const timer = startTimer({
    clock,
    next: () => nextTime(records),
    fire: () => fire(context),
    onBug: options.onBug,
  });
  dropOrphans(store);
  recoverRuns(context);

  const kill = (name: string): void => {
    for (const run of records.get(name)?.running ?? []) agent.kill(run.taskId);
  };
  return {
    records,
    submit(job, schedule) {
      store.put(submitted(records.get(job.name), job, schedule));
      timer.reconsider();
    },
    remove(name) {
      kill(name);
      handDown(store, name);
      store.remove(name);
      timer.reconsider();
    },
    runNow(name, args) {
      const record = records.get(name);
      const when = { due: clock.now(), attempt: 0, args: args.replaceAll(';', '') };
      if (record) launchRun(context, record, when);
    },
    markSuccess(name) {
      const record = records.get(name);
      if (record) store.put(afterSuccess(record, clock.now(), undefined));
      fireDependents(context, name);
    },
    kill,
    close() {
      stopListening();
      timer.stop();
      closing.abort();
    },
  };
}

/** Everything but what runs is new. */
function submitted(known: JobRecord | undefined, job: Job, schedule: Schedule | undefined): JobRecord {
  const { running = [], retries = [], durations = [] } = known ?? {};
  return { job, running, retries, durations, finishedParents: [], ...(schedule ? { schedule } : {}) };
}

/** Launches all that is due. */
function fire(context: RunContext): void {
  const { records } = context.store;
  const now = context.clock.now();
  for (const [name, record] of [...records]) {
    const { job, schedule, retries } = record;
    if (schedule && isScheduled(job, schedule) && schedule.start <= now) {
      launchRun(context, movedOn(record, schedule, now), { due: schedule.start, attempt: 0, args: '' });
    }
    for (const retry of retries.filter(({ due }) => due <= now)) {
      const present = records.get(name) ?? record;
      const others = present.retries.filter(({ taskId }) => taskId !== retry.taskId);
      launchRun(context, { ...present, retries: others }, retry);
    }
  }
}

function isScheduled(job: Job, schedule: Schedule): boolean {
  return !job.disabled && schedule.repeat !== 0;
}

function movedOn(record: JobRecord, schedule: Schedule, now: number): JobRecord {
  const next = afterRun(schedule, now);
  return { ...record, schedule: next, job: { ...record.job, schedule: formatSchedule(next) } };
}

/** When something is to be done next, ms since 1970. */
function nextTime(records: ReadonlyMap<string, JobRecord>): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  for (const { job, schedule, retries } of records.values()) {
    if (schedule && isScheduled(job, schedule)) next = Math.min(next, schedule.start);
    for (const retry of retries) next = Math.min(next, retry.due);
  }
  return Number.isFinite(next) ? next : undefined;
}
