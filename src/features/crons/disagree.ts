import type { Schedule } from '../../model/schedule.ts';
import { cronTimes, type Interval, parseIso } from './schedules.ts';

/** A Monday: examples of firing times are counted from here, so that they are the same on every day. */
const reference = Date.UTC(2026, 0, 5);
/** Enough to see months of different length, and days that are no multiple of the period. */
const compared = 40;

/** Next firing times of both spellings side by side, or undefined where they say the same. */
export function disagreement({ iso, cron, timezone }: Schedule): { iso: string; cron: string } | undefined {
  const interval = iso === undefined ? undefined : parseIso(iso);
  if (!interval || cron === undefined) return undefined;
  const cronRuns = cronTimes(cron, timezone, reference, compared);
  const isoRuns = isoTimes(interval, interval.start === undefined ? cronRuns[0] : undefined);
  if (same(isoRuns, cronRuns)) return undefined;
  const aligned = isoTimes(interval);
  return { iso: show(aligned, timezone), cron: show(cronRuns, timezone) };
}

/**
 * Without a start the phase is open, and any phase agrees that the cron has: `phase` is where to begin. For
 * show, it begins with the day, as every home aligns it.
 */
function isoTimes({ start, period, times }: Interval, phase?: number): number[] {
  const first = start ?? phase ?? reference;
  let index = 0;
  if (first < reference && period.months === 0) index = Math.ceil((reference - first) / period.ms);
  const runs: number[] = [];
  for (; runs.length < compared && index < (times ?? Number.POSITIVE_INFINITY); index += 1) {
    const run = addMonths(first, period.months * index) + period.ms * index;
    if (!Number.isFinite(run)) break;
    if (run >= reference) runs.push(run);
  }
  return runs;
}

/** Calendar months; a day that a month lacks becomes its last one. */
function addMonths(instant: number, months: number): number {
  if (months === 0) return instant;
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

function same(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((time, index) => time === right[index]);
}

function show(times: readonly number[], timezone = 'UTC'): string {
  const [first = 0, , third = first] = times;
  const daily = third - first < 86_400_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    ...(times.some((time) => time % 60_000 !== 0) ? { second: '2-digit' as const } : {}),
    ...(daily ? {} : { weekday: 'short' as const, day: 'numeric' as const, month: 'short' as const }),
  });
  const shown = times.slice(0, 3).map((time) => format.format(time));
  return shown.length === 0 ? 'never' : `${shown.join(daily ? ' ' : ', ')} …`;
}
