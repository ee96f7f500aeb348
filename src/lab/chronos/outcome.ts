import type { Job } from './job.ts';
import type { JobRecord, Run } from './record.ts';
import { taskIdOf } from './record.ts';

/** How long Chronos waits before it tries a failed run again. */
const retryDelayMs = 60_000;
/** As many durations are kept for the statistics. */
const durationsKept = 100;

/** The record after a successful run; one whose runs are used up is disabled. */
export function afterSuccess(record: JobRecord, now: number, durationMs: number | undefined): JobRecord {
  const { job, schedule } = record;
  const exhausted = schedule?.repeat === 0;
  return {
    ...record,
    job: {
      ...job,
      successCount: job.successCount + 1,
      errorsSinceLastSuccess: 0,
      lastSuccess: new Date(now).toISOString(),
      ...(exhausted ? { disabled: true } : {}),
    },
    durations:
      durationMs === undefined ? record.durations : [...record.durations, durationMs].slice(-durationsKept),
  };
}

/**
 * The record after a failed run: a later attempt, or the failure counted. It is tried again only when there is an
 * attempt left and the job has not failed for good since its last success (C:scheduler/jobs/JobScheduler).
 */
export function afterFailure(
  record: JobRecord,
  run: Run,
  now: number,
): { record: JobRecord; final: boolean } {
  const { job } = record;
  if (run.attempt < job.retries && mayRetry(job)) {
    const due = now + retryDelayMs;
    const attempt = run.attempt + 1;
    const taskId = taskIdOf(job.name, due, attempt, run.args);
    const retry = { taskId, due, attempt, args: run.args };
    return { record: { ...record, retries: [...record.retries, retry] }, final: false };
  }
  const failed: Job = {
    ...job,
    errorCount: job.errorCount + 1,
    errorsSinceLastSuccess: job.errorsSinceLastSuccess + 1,
    lastError: new Date(now).toISOString(),
  };
  return { record: { ...record, job: failed }, final: true };
}

function mayRetry({ lastError, lastSuccess }: Job): boolean {
  if (lastError === '') return true;
  return lastSuccess !== '' && Date.parse(lastSuccess) >= Date.parse(lastError);
}
