import { isFixed } from '../../model/zones.ts';
import { isWeekday, numberOf, type Range, ranges } from '../cron-fields.ts';

/**
 * A five-field cron expression as a repeating interval, where both tick at the very same moments for ever: the
 * rule that was checked by brute force for 1 to 1440 minutes. Anything else is undefined: a person has to decide.
 */
export function cronToIso(cron: string, timezone = 'UTC'): string | undefined {
  const fields = cron.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays] = ranges.map((range, at) => values(fields[at], range));
  if (fields.length !== 5 || !minutes || !hours || !days || !months || !weekdays) return undefined;
  const at = { minute: minutes[0] ?? 0, hour: hours[0] ?? 0 };
  const everyDay = days.length === 31 && months.length === 12 && weekdays.length === 7;
  if (everyDay && hours.length === 24) return everyMinutes(minutes);
  if (minutes.length !== 1) return undefined;
  if (everyDay && hours.length > 1) return isFixed(timezone) ? everyHours(at, hours) : undefined;
  if (hours.length !== 1 || !(isFixed(timezone) || isSafeHour(at.hour))) return undefined;
  return calendar(at, days, months, weekdays);
}

function everyMinutes(minutes: Numbers): string | undefined {
  const step = stepOf(minutes, 60);
  if (step === undefined) return undefined;
  return interval({ minute: minutes[0] ?? 0 }, step === 60 ? 'PT1H' : `PT${step}M`);
}

function everyHours(at: Clock, hours: Numbers): string | undefined {
  const step = stepOf(hours, 24);
  return step === undefined ? undefined : interval(at, `PT${step}H`);
}

interface Clock {
  readonly minute: number;
  readonly hour?: number;
}

function calendar(at: Clock, days: Numbers, months: Numbers, weekdays: Numbers): string | undefined {
  const anyDay = days.length === 31;
  const anyWeekday = weekdays.length === 7;
  if (months.length === 12 && anyDay && anyWeekday) return interval(at, 'P1D');
  if (months.length === 12 && anyDay && weekdays.length === 1)
    return interval(at, 'P1W', weekday(weekdays[0] ?? 0));
  const day = days[0] ?? 1;
  const step = stepOf(months, 12);
  if (!anyWeekday || days.length !== 1 || day > 28 || !step) return undefined;
  return interval(at, step === 12 ? 'P1Y' : `P${step}M`, { month: (months[0] ?? 1) - 1, day });
}

/** The start lies in the past; whoever sends it to Chronos moves it to the next one to come. */
function interval({ minute, hour = 0 }: Clock, period: string, date = { month: 0, day: 1 }): string {
  return `R/${new Date(Date.UTC(2024, date.month, date.day, hour, minute)).toISOString()}/${period}`;
}

/** January 2024 begins with a Monday; Sunday is 0. */
function weekday(day: number): { month: number; day: number } {
  return { month: 0, day: day === 0 ? 7 : day };
}

type Numbers = readonly number[];

/** All numbers that a field stands for, in their order; undefined where it cannot be understood. */
function values(field: string | undefined, range: Range): Numbers | undefined {
  const found = new Set<number>();
  for (const part of field?.split(',') ?? ['']) {
    const numbers = partValues(part, range);
    if (!numbers) return undefined;
    for (const value of numbers) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function partValues(part: string, range: Range): Numbers | undefined {
  const [, span = '', first, , last, , step] =
    /^((\*|\?|[0-9a-z]+)(-([0-9a-z]+))?)(\/(\d+))?$/i.exec(part) ?? [];
  const [from, to] = range;
  const open = span === '*' || span === '?';
  const start = open ? from : numberOf(first ?? '', range);
  const end = open || (step !== undefined && last === undefined) ? to : numberOf(last ?? first ?? '', range);
  const by = Number(step ?? 1);
  if (start === undefined || end === undefined || span === '' || by < 1 || start > end) return undefined;
  const count = Math.floor((end - start) / by) + 1;
  return Array.from({ length: count }, (_, n) => start + n * by).map((value) => wrapped(value, range));
}

/** Sunday is 0 and 7. */
function wrapped(value: number, range: Range): number {
  return isWeekday(range) ? value % 7 : value;
}

/** The distance, where numbers lie evenly round a circle; undefined where they do not. */
function stepOf(numbers: Numbers, circle: number): number | undefined {
  const step = circle / numbers.length;
  const first = numbers[0] ?? 0;
  return numbers.every((value, at) => value === first + at * step) ? step : undefined;
}

/** Clocks are put forward and back in the night. */
function isSafeHour(hour: number): boolean {
  return hour >= 4;
}
