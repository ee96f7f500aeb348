import type { Clock } from '../../host/host.ts';
import { type Agent, isTerminal, type Task } from '../agent/agent.ts';
import type { Job } from './job.ts';
import { afterFailure, afterSuccess } from './outcome.ts';
import { type JobRecord, type JobStore, type Run, taskIdOf } from './record.ts';
import { toTask } from './task.ts';
import { longestSleepMs } from './timer.ts';

/** What the running of jobs needs. */
export interface RunContext {
  readonly store: JobStore;
  readonly agent: Agent;
  readonly clock: Clock;
  /** Owner of the tasks: `chronos:CLUSTER`. */
  readonly owner: string;
  /** Tasks that are killed because they took too long, which counts as a failure. */
  readonly overdue: Set<string>;
  /** Aborts when the scheduler closes. */
  readonly closing: AbortSignal;
}

/**
 * Starts a run, unless the job is disabled, or runs already and may not run twice. The record is written in either
 * case, together with the run: whatever else is new in it and the launch stand or fall as one.
 */
export function launchRun(context: RunContext, record: JobRecord, when: Omit<Run, 'taskId'>): void {
  const { store, agent } = context;
  const { job, running } = record;
  if (job.disabled || (!job.concurrent && running.length > 0)) {
    store.put(record);
    return;
  }
  const run = newRun(agent, job.name, when);
  store.put({ ...record, running: [...running, run], finishedParents: [] });
  startRun(context, job, run);
}

function newRun(agent: Agent, name: string, { due, attempt, args }: Omit<Run, 'taskId'>): Run {
  let time = due;
  // An id is launched once, ever: two runs within one ms get times of their own.
  while (agent.task(taskIdOf(name, time, attempt, args))) time += 1;
  return { taskId: taskIdOf(name, time, attempt, args), due: time, attempt, args };
}

function startRun(context: RunContext, job: Job, run: Run): void {
  void context.agent.launch(run.taskId, toTask(job, run, context.owner));
  if (job.maxCompletionTime > 0) void limitRun(context, run, job.maxCompletionTime * 1000);
}

async function limitRun({ agent, clock, closing, overdue }: RunContext, run: Run, ms: number): Promise<void> {
  const end = (agent.task(run.taskId)?.startedAt ?? clock.now()) + ms;
  while (!closing.aborted && clock.now() < end) {
    await clock.sleep(Math.min(end - clock.now(), longestSleepMs), closing);
  }
  const task = agent.task(run.taskId);
  if (closing.aborted || !task || isTerminal(task.state)) return;
  overdue.add(run.taskId);
  agent.kill(run.taskId);
}

/** Counts a run that ended, tries a failed one again later, and starts what depends on it. */
export function endRun(context: RunContext, task: Task): void {
  const { store, clock, overdue } = context;
  const found = [...store.records.values()].find(({ running }) =>
    running.some((run) => run.taskId === task.id),
  );
  const run = found?.running.find((one) => one.taskId === task.id);
  if (!found || !run) return;
  const record = { ...found, running: found.running.filter((one) => one !== run) };
  const killed = task.state === 'TASK_KILLED' && !overdue.delete(task.id);
  if (killed) {
    store.put(record);
  } else if (task.state === 'TASK_FINISHED') {
    store.put(afterSuccess(record, clock.now(), durationOf(task)));
    fireDependents(context, record.job.name);
  } else {
    const failed = afterFailure(record, run, clock.now());
    store.put(failed.record);
    if (failed.final && record.job.softError) fireDependents(context, record.job.name);
  }
}

function durationOf({ startedAt, endedAt }: Task): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt;
}

/** Starts every child all of whose parents have finished since its own last start. */
export function fireDependents(context: RunContext, parent: string): void {
  const { store, clock } = context;
  for (const record of [...store.records.values()]) {
    const { parents } = record.job;
    if (!parents?.includes(parent)) continue;
    const finishedParents = [...new Set([...record.finishedParents, parent])];
    const complete = parents.every((one) => finishedParents.includes(one));
    if (!complete) store.put({ ...record, finishedParents });
    else launchRun(context, { ...record, finishedParents }, { due: clock.now(), attempt: 0, args: '' });
  }
}

/** Takes up what a scheduler before this one had launched: still running, ended meanwhile, or never begun. */
export function recoverRuns(context: RunContext): void {
  const { store, agent } = context;
  for (const { job, running } of [...store.records.values()]) {
    for (const run of running) {
      const task = agent.task(run.taskId);
      if (task && isTerminal(task.state)) endRun(context, task);
      // Of a task that runs already the agent makes no second one.
      else startRun(context, job, run);
    }
  }
}
