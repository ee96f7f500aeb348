import { type Json, text } from '../json.ts';
import { alignedStart, formatInterval, isMovedOn, nextStart, parseInterval } from './schedule.ts';

/**
 * The schedule with a start of its own, so that a write never makes a job run: the phase of the live job where
 * it has the same schedule, else the wanted start moved on to the next one to come, else one aligned to UTC.
 */
export function scheduleToSend(wanted: Json, live: Json | undefined, now: number): string {
  const asked = text(wanted['schedule']) ?? '';
  const interval = parseInterval(asked);
  if (!interval) return asked;
  const stored = text(live?.['schedule']);
  const running = parseInterval(stored ?? '');
  const sameZone = (text(wanted['scheduleTimeZone']) ?? '') === (text(live?.['scheduleTimeZone']) ?? '');
  if (running && stored && sameZone && isMovedOn(interval, running)) return stored;
  const here = clockIn(text(wanted['scheduleTimeZone']), now);
  const { start, period } = interval;
  const begin = start === undefined ? alignedStart(period, here) : nextStart(start, period, here);
  return formatInterval({ ...interval, start: begin });
}

/** The stored schedule of a job with its start moved behind `now`, for a job that slept for a while. */
export function scheduleFromNow(live: Json, now: number): string | undefined {
  const stored = text(live['schedule']);
  const interval = parseInterval(stored ?? '');
  if (!interval || interval.start === undefined) return stored;
  const here = clockIn(text(live['scheduleTimeZone']), now);
  return formatInterval({ ...interval, start: nextStart(interval.start, interval.period, here) });
}

/**
 * What clocks of a time zone show, as if it were UTC: Chronos takes the clock fields of a start as they stand and
 * puts its time zone behind them.
 */
export function clockIn(timezone: string | undefined, now: number): number {
  if (!timezone) return now;
  try {
    const parts = new Intl.DateTimeFormat('en', {
      timeZone: timezone,
      timeZoneName: 'longOffset',
    }).formatToParts(now);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return now + (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch {
    return now; // Chronos takes a zone that it does not know for GMT
  }
}
