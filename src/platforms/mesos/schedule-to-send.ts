import { alignedStart, formatInterval, nextStart, parseInterval } from '../../model/interval.ts';
import { clockIn } from '../../model/zones.ts';
import { type Json, text } from '../json.ts';
import { isMovedOn } from './schedule.ts';

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
