import { type Agent, isTerminal, type Task } from '../agent/agent.ts';
import { type Cron, type CronRun, keepRecent, keptRuns, withoutRetry } from './cron.ts';
import type { CronBook } from './cron-book.ts';
import { partsOf } from './keys.ts';
import { nextLaunch, onceSpec, type RunState, runState } from './task-spec.ts';

/** Owner of the tasks of crons. */
export const owner = 'local-crons';
/** A run that was missed, because the lab was down or the machine slept, is made up for within this time only. */
export const lateMs = 60_000;

/** The runs of crons: begun, watched, tried again. */
export interface CronRuns {
  /**
   * Starts a run, or notes that it was skipped. `patch` goes into the same write, so that a due time is never done
   * with but for its run. Undefined for an unknown key.
   */
  begin(key: string, due: number, attempt: number, patch?: Partial<Cron>): CronRun | undefined;
  /** Takes over what the agent tells of a run's task. */
  changed(task: Task): void;
  /** Looks what became of a run while nobody watched. One that never began is begun, if it is not too late. */
  resume(key: string, run: CronRun): void;
}

/** `onRetry` is called when a run is to be tried again, which the cron's `retry` then says. */
export function createCronRuns(agent: Agent, book: CronBook, onRetry: () => void): CronRuns {
  const changeRun = (cron: Cron, taskId: string, patch: Partial<CronRun>): void => {
    const runs = cron.runs.map((run) => (run.taskId === taskId ? { ...run, ...patch } : run));
    book.keep({ ...cron, runs });
  };
  const retryLater = (key: string, { due, attempt }: CronRun, state: RunState): void => {
    const cron = book.get(key);
    if (state !== 'failed' || !cron?.input.armed || attempt > cron.input.retries) return;
    book.keep({ ...cron, retry: { due, attempt: attempt + 1, at: Date.now() + cron.input.retryDelayMs } });
    onRetry();
  };
  const changed = (task: Task): void => {
    const cron = book.get(task.spec.name);
    const run = cron?.runs.find(({ taskId, state }) => taskId === task.id && state === 'running');
    if (!cron || !run) return;
    changeRun(cron, run.taskId, outcomeOf(task));
    if (isTerminal(task.state)) retryLater(cron.key, run, runState(task));
  };
  return {
    changed,
    begin(key, due, attempt, patch) {
      const cron = book.get(key);
      if (!cron) return undefined;
      const run = newRun(cron, due, attempt);
      // after this write it is this run that happens, even when the lab dies before its task begins
      book.keep({ ...withoutRetry(cron), ...patch, runs: keepRecent([...cron.runs, run]) });
      if (run.state === 'running') launch(agent, cron, run);
      return run;
    },
    resume(key, run) {
      const cron = book.get(key);
      const task = agent.task(run.taskId);
      if (task && task.state !== 'TASK_LOST') {
        changed(task);
      } else if (cron && Date.now() - run.due > lateMs) {
        const message = 'The lab ended before it was started';
        changeRun(cron, run.taskId, { state: 'failed', message, endedAt: Date.now() });
      } else if (cron) {
        const taskId = nextLaunch(run.taskId);
        changeRun(cron, run.taskId, { taskId });
        launch(agent, cron, { ...run, taskId });
      }
    },
  };
}

function newRun(cron: Cron, due: number, attempt: number): CronRun {
  const busy = !cron.input.concurrent && cron.runs.some(({ state }) => state === 'running');
  return {
    id: `${partsOf(cron.key).name}-${new Date(due).toISOString()}-${attempt}`,
    taskId: `cron:${cron.key}:${due}:${attempt}:1`,
    due,
    attempt,
    state: busy ? 'skipped' : 'running',
    message: busy ? 'The run before it still goes on' : '',
  };
}

function launch(agent: Agent, cron: Cron, run: CronRun): void {
  const env = {
    REHOME_CRON_NAME: partsOf(cron.key).name,
    REHOME_CRON_DUE: new Date(run.due).toISOString(),
    REHOME_CRON_ATTEMPT: String(run.attempt),
    ...cron.input.env,
  };
  void agent.launch(run.taskId, onceSpec(owner, cron.key, { ...cron.input, env }, keptRuns));
}

function outcomeOf(task: Task): Partial<CronRun> {
  return {
    state: runState(task),
    message: task.message,
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
    ...(task.endedAt === undefined ? {} : { endedAt: task.endedAt }),
    ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
  };
}
