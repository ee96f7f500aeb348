import { type Interval, isEmpty, nextStart, type Period } from '../../model/interval.ts';

/**
 * Chronos rewrites what it stores after every launch: the start becomes the next one to come, and one of n repetitions
 * is used up (mesos/chronos, scheduler/jobs/JobUtils and Schedule).
 */

/** Whether Chronos may have made `live` out of `wanted` by running it. */
export function isMovedOn(wanted: Interval, live: Interval): boolean {
  if (!samePeriod(wanted.period, live.period)) return false;
  if ((wanted.repeat === undefined) !== (live.repeat === undefined)) return false;
  if ((live.repeat ?? 0) > (wanted.repeat ?? 0)) return false;
  if (wanted.start === undefined || live.start === undefined) return wanted.start === undefined;
  return isStep(wanted.start, live.start, wanted.period);
}

function isStep(from: number, to: number, period: Period): boolean {
  if (to < from || isEmpty(period)) return to === from;
  return nextStart(from, period, to - 1) === to;
}

function samePeriod(a: Period, b: Period): boolean {
  return a.months === b.months && a.days === b.days && a.ms === b.ms;
}
