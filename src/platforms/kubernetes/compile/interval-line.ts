import { alignedStart, type Interval, type Period } from '../../../model/interval.ts';
import { instantOf, offsetsOf, offsetsThroughYears } from '../../../model/zones.ts';

export const utc = 'Etc/UTC';

/** A line of a CronJob and the zone it is meant in. */
export interface CronLine {
  readonly schedule: string;
  readonly timeZone: string;
}

/**
 * The cron line that ticks at the very moments of an interval, for ever and in any time zone; undefined where there
 * is none. Checked by brute force for 1 to 1,440 minutes. Without a start, ticks lie on whole periods.
 */
export function intervalLine(interval: Interval, timezone: string | undefined): CronLine | undefined {
  const { repeat, start, period } = interval;
  if (repeat !== undefined) return undefined;
  const phase = start ?? alignedStart(period, 0);
  if (phase % 60_000 !== 0) return undefined;
  const { months, days, ms } = period;
  if (months === 0 && days === 0) return elapsedLine(phase, start !== undefined, ms, timezone);
  return ms === 0 ? calendarLine(phase, period, timezone) : undefined;
}

/** Hours, minutes and seconds are time that passes, whatever clocks show. */
function elapsedLine(
  phase: number,
  hasStart: boolean,
  ms: number,
  timezone: string | undefined,
): CronLine | undefined {
  const every = ms / 60_000;
  if (!Number.isInteger(every) || every < 1) return undefined;
  if (60 % every !== 0 && (every % 60 !== 0 || 1_440 % every !== 0)) return undefined;
  const offsets = offsetsThroughYears(timezone ?? utc);
  if (!offsets) return undefined;
  const first = Math.min(...offsets);
  const keepsStep = [...offsets].every((offset) => (offset - first) % every === 0);
  if (keepsStep) return { schedule: minutesLine(phase, every), timeZone: timezone ?? utc };
  // Where clocks are put forward by less than the period, only clocks that never are can tell the time.
  const instant = hasStart ? instantOf(phase, timezone ?? utc) : phase;
  return { schedule: minutesLine(instant, every), timeZone: utc };
}

function minutesLine(phase: number, every: number): string {
  const minute = new Date(phase).getUTCMinutes();
  if (every < 60) return `${stepOf(minute % every, every, 59, 0)} * * * *`;
  const hours = every / 60;
  const hour = new Date(phase).getUTCHours();
  if (hours === 24) return `${minute} ${hour} * * *`;
  return `${minute} ${stepOf(hour % hours, hours, 23, 0)} * * *`;
}

/** Every so much from `first` on, as short as it can be said. */
function stepOf(first: number, every: number, last: number, lowest: number): string {
  if (every === 1) return '*';
  return first === lowest ? `*/${every}` : `${first}-${last}/${every}`;
}

/** Days, weeks and months are what the calendar of the zone says. */
function calendarLine(
  phase: number,
  { months, days }: Period,
  timezone: string | undefined,
): CronLine | undefined {
  const at = new Date(phase);
  const [minute, hour, day] = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate()];
  const timeZone = timezone ?? utc;
  if (isEverUnclear(timeZone, hour * 60 + minute)) return undefined;
  const line = (rest: string) => ({ schedule: `${minute} ${hour} ${rest}`, timeZone });
  if (months === 0 && days === 1) return line('* * *');
  if (months === 0 && days === 7) return line(`* * ${at.getUTCDay()}`);
  if (days !== 0 || 12 % months !== 0 || day > 28) return undefined;
  const month = at.getUTCMonth();
  if (months === 12) return line(`${day} ${month + 1} *`);
  return line(`${day} ${stepOf((month % months) + 1, months, 12, 1)} *`);
}

/** Whether clocks of a zone skip a time of the day, or show it twice: the latest two years have to tell. */
function isEverUnclear(timezone: string, minuteOfDay: number): boolean {
  const offsets = offsetsThroughYears(timezone);
  const offset = offsetsOf(timezone);
  if (!offsets || !offset) return true;
  if (offsets.size === 1) return false;
  return transitions(offset).some(({ from, to, at }) => {
    const clock = (minutes: number) => (((at / 60_000 + minutes) % 1_440) + 1_440) % 1_440;
    const [begin, length] = [clock(Math.min(from, to)), Math.abs(to - from)];
    return (minuteOfDay - begin + 1_440) % 1_440 < length;
  });
}

interface Transition {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

function transitions(offset: (at: number) => number): readonly Transition[] {
  const months = Array.from({ length: 25 }, (_, month) => Date.UTC(2026, month, 1));
  return months.slice(1).flatMap((end, n) => {
    let [low, high] = [months[n] ?? 0, end];
    const [from, to] = [offset(low), offset(high)];
    if (from === to) return [];
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (offset(middle) === from) low = middle;
      else high = middle;
    }
    return [{ at: high, from, to }];
  });
}
