import type { CronFields } from './cron-line.ts';
import type { Interval } from './interval.ts';

/**
 * Whether a cron line fires exactly as an interval does, in the same zone. An interval without a start has no
 * phase of its own: any phase that the cron has agrees with it.
 */
export function agree(interval: Interval, fields: CronFields, timezone?: string): boolean {
  if (interval.times !== undefined) return false;
  return (
    sameRate(interval, fields, timezone) &&
    (interval.start === undefined || samePhase(interval.start, fields))
  );
}

function sameRate({ months, days, ms }: Interval, fields: CronFields, timezone?: string): boolean {
  if (months > 0) return days === 0 && ms === 0 && everyMonths(months, fields);
  // Elapsed hours and the clock on the wall part where the clock changes, unless every hour looks alike.
  const wallClock = days > 0 && ms === 0;
  if (!wallClock && (60 * minute) % ms !== 0 && changesClock(timezone)) return false;
  return everyMinutes((days * 1_440 * minute + ms) / minute, fields);
}

const minute = 60_000;

function everyMinutes(period: number, fields: CronFields): boolean {
  const { days, months, weekdays } = fields;
  if (days !== 'any' || months !== 'any') return false;
  if (weekdays !== 'any')
    return weekdays.length === 1 && period === 7 * 1_440 && minutesOfDay(fields).length === 1;
  const times = minutesOfDay(fields);
  if (times.length * period !== 1_440) return false;
  return times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === period);
}

/** A day after the 28th does not come in every month: cron skips it, an interval takes the last day. */
function everyMonths(period: number, fields: CronFields): boolean {
  const { days, months, weekdays } = fields;
  const day = days === 'any' ? undefined : days[0];
  if (weekdays !== 'any' || day === undefined || day > 28 || days.length !== 1) return false;
  if (minutesOfDay(fields).length !== 1) return false;
  const all = months === 'any' ? Array.from({ length: 12 }, (_, index) => index + 1) : months;
  return all.length * period === 12 && all.every((month, index) => month === (all[0] ?? 1) + index * period);
}

function minutesOfDay({ hours, minutes }: CronFields): number[] {
  return hours.flatMap((hour) => minutes.map((one) => hour * 60 + one));
}

function samePhase(start: number, { minutes, hours, days, months, weekdays }: CronFields): boolean {
  const date = new Date(start);
  const within = (values: readonly number[] | 'any', value: number): boolean =>
    values === 'any' || values.includes(value);
  return (
    start % minute === 0 &&
    within(minutes, date.getUTCMinutes()) &&
    within(hours, date.getUTCHours()) &&
    within(days, date.getUTCDate()) &&
    within(months, date.getUTCMonth() + 1) &&
    within(weekdays, date.getUTCDay())
  );
}

function changesClock(timezone = 'UTC'): boolean {
  const offset = (month: number): string =>
    new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset', year: 'numeric' })
      .formatToParts(Date.UTC(2026, month, 1))
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return offset(0) !== offset(6);
}
