import { type Failure, isFailure } from '../../model/failure.ts';
import type { Agent } from '../agent/agent.ts';
import { createAlarm } from './alarm.ts';
import { type Cron, type CronRun, withoutRetry } from './cron.ts';
import { type CronBook, openCronBook } from './cron-book.ts';
import { type CronRuns, createCronRuns, lateMs, owner } from './cron-runs.ts';
import { type DueTimes, dueTimes } from './due-times.ts';
import type { CronInput } from './input.ts';

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

type PutResult = ReturnType<Crons['put']>;

export function createCrons(agent: Agent, folder: string): Crons {
  const book = openCronBook(folder);
  const runs = createCronRuns(agent, book, () => alarm.reconsider());
  const alarm = createAlarm(
    () => wakeAt(book),
    () => {
      for (const { key } of book.list()) lookAt(book, runs, key, Date.now());
    },
  );
  const stopListening = agent.on(({ task }) => {
    if (task.spec.owner === owner) runs.changed(task);
  });
  return {
    problems: book.problems,
    start() {
      for (const cron of book.list()) {
        for (const run of cron.runs) if (run.state === 'running') runs.resume(cron.key, run);
      }
      alarm.reconsider();
    },
    put(key, input) {
      const result = put(book, key, input);
      alarm.reconsider();
      return result;
    },
    arm(key, armed) {
      const known = arm(book, key, armed);
      alarm.reconsider();
      return known;
    },
    trigger(key) {
      let due = Date.now();
      while (book.get(key)?.runs.some((run) => run.due === due)) due++; // two in one ms are two runs
      return runs.begin(key, due, 1);
    },
    remove(key) {
      const cron = book.get(key);
      if (!cron) return false;
      book.remove(key);
      for (const { taskId, state } of cron.runs) {
        if (state === 'running') agent.kill(taskId);
        else agent.forget(taskId);
      }
      alarm.reconsider();
      return true;
    },
    get: book.get,
    list: book.list,
    next(key) {
      const cron = book.get(key);
      return cron && book.next(cron);
    },
    on: book.on,
    close() {
      stopListening();
      alarm.stop();
    },
  };
}

function put(book: CronBook, key: string, input: CronInput): PutResult {
  const before = book.get(key);
  if (before && JSON.stringify(before.input) === JSON.stringify(input)) return 'unchanged';
  const now = Date.now();
  const createdAt = before?.createdAt ?? now;
  const times = dueTimes(input.schedule, createdAt);
  if (isFailure(times)) return times;
  book.keep({ key, input, createdAt, runs: before?.runs ?? [], doneUntil: now });
  return before ? 'replaced' : 'created';
}

function arm(book: CronBook, key: string, armed: boolean): boolean {
  const cron = book.get(key);
  if (!cron) return false;
  if (cron.input.armed === armed) return true;
  book.keep({ ...withoutRetry(cron), input: { ...cron.input, armed }, doneUntil: Date.now() });
  return true;
}

function wakeAt(book: CronBook): number | undefined {
  const all = book.list().flatMap((cron) => [book.next(cron) ?? [], cron.retry?.at ?? []].flat());
  return all.length > 0 ? Math.min(...all) : undefined;
}

/** Starts what is due, if it is not too long ago, and a retry whose time has come. */
function lookAt(book: CronBook, runs: CronRuns, key: string, now: number): void {
  const cron = book.get(key);
  const first = cron && book.next(cron);
  if (cron && first !== undefined && first <= now) {
    const due = latestDue(book.times(cron), first, now);
    if (now - due <= lateMs) runs.begin(key, due, 1, { doneUntil: now });
    else book.keep({ ...cron, doneUntil: now });
  }
  const retry = book.get(key)?.retry;
  if (retry && retry.at <= now) runs.begin(key, retry.due, retry.attempt);
}

/** Of several times that were missed the last one counts. */
function latestDue(dueAfter: DueTimes, first: number, now: number): number {
  const recent = dueAfter(Math.max(first, now - lateMs)) ?? first;
  let due = recent <= now ? recent : first;
  for (let later = dueAfter(due); later !== undefined && later <= now; later = dueAfter(due)) due = later;
  return due;
}
