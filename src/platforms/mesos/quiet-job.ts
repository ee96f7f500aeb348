import type { Clock } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { type Interval, parseInterval } from '../../model/interval.ts';
import { clockIn } from '../../model/zones.ts';
import { type Json, text } from '../json.ts';
import type { Chronos } from './chronos.ts';

/** Nothing is written so shortly before a launch, ms, and nothing until Chronos has written it down. */
const beforeMs = 1_000;
const afterMs = 500;
/** Jobs that run more often than this have no quiet moment. */
const busyMs = 5_000;

/**
 * The job as it is, read at a moment when no launch is due. A replacement carries the start of the schedule and the
 * counters as they were read: were a launch to come between, its tick would be run twice and not be counted.
 */
export async function quietJob(
  { chronos, clock }: { readonly chronos: Chronos; readonly clock: Clock },
  name: string,
  signal?: AbortSignal,
): Promise<Json | undefined | Failure> {
  for (let look = 0; ; look++) {
    const job = await chronos.job(name, signal);
    if (job === undefined || isFailure(job)) return job;
    const wait = waitFor(job, clock.now());
    // A launch that is overdue waits for the run before it, and may wait for long.
    if (wait <= 0 || look >= 3 || signal?.aborted) return job;
    await clock.sleep(wait, signal);
  }
}

function waitFor(job: Json, now: number): number {
  const interval = parseInterval(text(job['schedule']) ?? '');
  if (!interval?.start || job['disabled'] === true || isBusy(interval)) return 0;
  const due = interval.start - clockIn(text(job['scheduleTimeZone']), now);
  return due > beforeMs || due < -afterMs ? 0 : due + afterMs;
}

function isBusy({ period: { months, days, ms } }: Interval): boolean {
  return months === 0 && days === 0 && ms < busyMs;
}
