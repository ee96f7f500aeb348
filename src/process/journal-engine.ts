import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { DeploymentEnd } from '../store/store.ts';
import type { DeployContext } from './context.ts';
import type { Ending, Engine, Work } from './engine.ts';
import { type Journal, openJournal } from './journal.ts';
import type { Step } from './step.ts';
import { leftAfter } from './steps/check.ts';
import { cancelled, type Stop, watchForStop } from './stop.ts';

/**
 * The engine on the store's own journal: a step that is recorded as done is not run again, the first one that
 * is not is. A failure is recorded before anything is undone, so that a resume goes on in the same direction.
 */
export const journalEngine: Engine = {
  async run(work) {
    const stop = watchForStop(work);
    const run = { work, stop, journal: openJournal(work) };
    try {
      return await carryOn(run);
    } finally {
      stop.close();
    }
  },
};

interface Run {
  readonly work: Work;
  readonly stop: Stop;
  readonly journal: Journal;
}

async function carryOn(run: Run): Promise<Ending> {
  const failure = run.work.begun.failure ?? (await forward(run));
  if (!failure) return await finish(run, { status: 'done', leaves: retired(run) });
  if (isLost(failure)) return { kind: 'lost', failure };
  if (run.stop.reason() === 'interrupt') return await leave(run);
  if (isStalled(run, failure)) return await leave(run, failure);
  return await backward(run, failure);
}

/** A home is none of the app's any more in the very moment in which its retirement is over. */
function retired({ work }: Run): readonly string[] {
  const { retires } = work.context.options;
  return retires ? [retires.home] : [];
}

/** Runs what is not done yet. Undefined when all is. */
async function forward(run: Run): Promise<Failure | undefined> {
  for (const step of run.work.steps) {
    const { status } = run.journal.record(step);
    if (status === 'done' || status === 'skipped') continue;
    const failure = (await run.stop.check()) ?? (await runStep(run, step));
    if (failure) return failure;
  }
  return undefined;
}

async function runStep(run: Run, step: Step): Promise<Failure | undefined> {
  const { journal, work } = run;
  if (work.context.options.skip.includes(step.name)) {
    return await journal.write(step, { status: 'skipped', message: 'left out on request' });
  }
  const problem = await journal.start(step);
  if (problem) return problem;
  const outcome = await step.run(contextOf(run, step));
  if (isFailure(outcome)) return await failed(run, step, masked(run, outcome));
  const status = outcome.skipped ? 'skipped' : 'done';
  return await journal.write(step, { status, message: outcome.message }, outcome.output);
}

/** A step that was stopped did not fail: an interrupted one stays as it is and runs again. */
async function failed({ work, stop, journal }: Run, step: Step, failure: Failure): Promise<Failure> {
  const reason = stop.reason();
  if (reason === 'interrupt' || isLost(failure) || isStalled({ work, stop, journal }, failure))
    return failure;
  const why = reason === 'cancel' ? cancelled() : failure;
  return (await journal.write(step, { status: 'failed', message: why.message })) ?? why;
}

/** Undoes what was begun, last first, and ends the deployment. */
async function backward(run: Run, failure: Failure): Promise<Ending> {
  const { work, stop, journal } = run;
  const lost = work.begun.failure ? undefined : await journal.turnBack(failure);
  if (lost) return { kind: 'lost', failure: lost };
  stop.goBack();
  for (const step of [...work.steps].reverse()) {
    const problem = await undo(run, step);
    if (!problem) continue;
    if (isLost(problem)) return { kind: 'lost', failure: problem };
    if (stop.reason() === 'interrupt') return await leave(run);
    if (isStalled(run, problem)) return await leave(run, problem);
    const unwritten = await journal.write(step, { status: 'failed', message: problem.message });
    if (unwritten) return { kind: 'lost', failure: unwritten };
    return await conclude(run, needsOperator(run, step, failure, problem));
  }
  return await conclude(run, verdict(run, failure));
}

async function undo(run: Run, step: Step): Promise<Failure | undefined> {
  const { status } = run.journal.record(step);
  if (!step.undo || status === 'pending' || status === 'skipped' || status === 'undone') return undefined;
  const problem = await run.journal.write(step, { status: 'undoing' });
  if (problem) return problem;
  const message = await step.undo(contextOf(run, step));
  if (isFailure(message)) return masked(run, message);
  // A step that changed nothing keeps the record of how it failed.
  if (message === undefined) return await run.journal.write(step, { status: 'failed' });
  return await run.journal.write(step, { status: 'undone', message });
}

/** `rolled-back` when something was taken back; `failed` when nothing had been changed yet. */
function verdict({ work, journal }: Run, failure: Failure): DeploymentEnd {
  if (failure.code === 'cancelled') return { status: 'cancelled', failure };
  const changed = work.steps.some((step) => journal.record(step).status === 'undone');
  return { status: changed ? 'rolled-back' : 'failed', failure };
}

/** Undoing failed: the lock stays, so that nobody builds on a state that nobody knows. */
function needsOperator({ work }: Run, step: Step, failure: Failure, problem: Failure): DeploymentEnd {
  const { id, app, environment } = work.context;
  const message = `${failure.message} Undoing ${step.name} failed as well: ${problem.message}`;
  const hint = `mend it, then: rehome lock release ${app} -e ${environment}; rehome show ${id} tells every step`;
  const details = failure.details ?? problem.details;
  return {
    status: 'failed',
    failure: fail('undo-failed', message, { hint, ...(details ? { details } : {}) }),
    keepLock: true,
  };
}

async function conclude(run: Run, end: DeploymentEnd): Promise<Ending> {
  const event = end.keepLock ? 'needs-operator' : end.status === 'timed-out' ? 'failed' : end.status;
  const problems = await run.work.context.notify(event, end.failure?.message ?? '');
  for (const { message } of problems) run.work.watch({ type: 'log', source: 'notify', line: message });
  const leaves = leftAfter(run.work.context.options, run.journal.outputs);
  return await finish(run, { ...end, ...(end.keepLock ? {} : { leaves }) });
}

async function finish({ journal }: Run, end: DeploymentEnd): Promise<Ending> {
  const failure = await journal.finish(end);
  return failure ? { kind: 'lost', failure } : { kind: 'over' };
}

async function leave({ journal }: Run, stalled?: Failure): Promise<Ending> {
  const lost = await journal.abandon();
  if (lost) return { kind: 'lost', failure: lost };
  return stalled ? { kind: 'stalled', failure: stalled } : { kind: 'interrupted' };
}

function contextOf({ work, journal, stop }: Run, step: Step): DeployContext {
  return {
    ...work.context,
    step: journal.record(step),
    outputs: journal.outputs,
    signal: stop.signal,
    tell(event) {
      if (event.type !== 'log') return work.watch(event);
      const line = work.context.mask(event.line);
      journal.print(line);
      work.watch({ ...event, line });
    },
  };
}

/** What tasks printed may hold what must not be kept. */
function masked({ work }: Run, failure: Failure): Failure {
  const { mask } = work.context;
  const { message, details } = failure;
  return { ...failure, message: mask(message), ...(details ? { details: mask(details) } : {}) };
}

/** Nothing more may be done here: somebody else goes on, or nothing can be written down. */
function isLost(failure: Failure): boolean {
  return failure.code === 'lock-lost' || failure.code === 'store-unusable';
}

const silences: ReadonlySet<string> = new Set([
  'unreachable',
  'server-error',
  'locked',
  'lab-not-running',
  'not-authenticated',
  'kubeconfig-unusable',
]);

/**
 * A home that does not answer says nothing about the new version, and undoing could not reach it either: once
 * something may have been changed, the deployment is left for a resume.
 */
function isStalled({ work, journal }: Run, failure: Failure): boolean {
  const begun = work.steps.some((step) => step.undo && journal.record(step).attempts > 0);
  return begun && silences.has(failure.code);
}
