import { Cron } from 'croner';
import {
  alignedStart,
  type Interval,
  isEmpty,
  nextStart,
  type Period,
  readInterval,
} from '../../model/interval.ts';
import type { Schedule } from '../../model/schedule.ts';
import { clockIn, instantOf, offsetsOf } from '../../model/zones.ts';

/**
 * The first moments after `from` at which a schedule is due, ms since 1970; undefined where it cannot be understood.
 * An interval counts where both are given, and one without a start is aligned to UTC.
 */
export function dueTimes(
  { iso, cron, timezone }: Schedule,
  from: number,
  count: number,
): readonly number[] | undefined {
  if (!Number.isFinite(from)) return undefined;
  const zone = timezone ?? 'UTC';
  if (iso !== undefined) return intervalTimes(readInterval(iso, timezone), zone, from, count);
  try {
    // sloppy: `0/1` is accepted, as Kubernetes does
    const line = new Cron(cron ?? '', { timezone: zone, paused: true, mode: '5-part', sloppyRanges: true });
    return line.nextRuns(count, new Date(from)).map((date) => date.getTime());
  } catch {
    return undefined;
  }
}

function intervalTimes(
  interval: Interval | undefined,
  zone: string,
  from: number,
  count: number,
): readonly number[] | undefined {
  if (!interval || isEmpty(interval.period) || !offsetsOf(zone)) return undefined;
  const { repeat, period, start } = interval;
  const { months, days } = period;
  // Hours and minutes are time that passes; days and months are what the clocks of the zone show.
  const isElapsed = months === 0 && days === 0;
  const first = start ?? alignedStart(period, 0);
  const origin = isElapsed ? instantOf(first, zone) : first;
  const times = series(origin, period, repeat, isElapsed ? from : clockIn(zone, from), count);
  return isElapsed ? times : times.map((clock) => instantOf(clock, zone)).filter((at) => at > from);
}

function series(
  origin: number,
  period: Period,
  repeat: number | undefined,
  from: number,
  count: number,
): readonly number[] {
  const times: number[] = [];
  let left = repeat ?? Number.POSITIVE_INFINITY;
  for (let at = origin; times.length < count && left > 0; left -= 1) {
    if (at > from) times.push(at);
    // What has no end may begin anywhere.
    at = nextStart(origin, period, repeat === undefined ? Math.max(at, from) : at);
  }
  return times;
}
