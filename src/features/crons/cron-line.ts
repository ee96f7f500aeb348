/*
 * Cron lines of five fields, as Kubernetes takes them (robfig/cron ParseStandard, https://pkg.go.dev/github.com/robfig/cron/v3):
 * lists, ranges, steps, names, `?`, and `0/1` for "from 0 on". No seconds, no `L`, `W`, `#`, no `@daily`.
 */

/** The values of each field, ascending; `any` where the field restricts nothing. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[] | 'any';
  readonly months: readonly number[] | 'any';
  /** 0 is Sunday. */
  readonly weekdays: readonly number[] | 'any';
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Undefined for a text that is no cron line, or one that never fires, such as the 31st of February. */
export function parseCronLine(line: string): CronFields | undefined {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = [
    field(parts[0], 0, 59),
    field(parts[1], 0, 23),
    field(parts[2], 1, 31),
    field(parts[3], 1, 12, monthNames, 1),
    field(parts[4], 0, 7, weekdayNames),
  ];
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const fields = {
    minutes,
    hours,
    days: days.length === 31 ? ('any' as const) : days,
    months: months.length === 12 ? ('any' as const) : months,
    weekdays: normalWeekdays(weekdays),
  };
  return fires(fields) ? fields : undefined;
}

function field(
  text: string | undefined,
  min: number,
  max: number,
  names: readonly string[] = [],
  firstName = 0,
): number[] | undefined {
  const values = new Set<number>();
  for (const item of (text ?? '').split(',')) {
    const range = itemRange(item, min, max, (word) => numberOf(word, names, firstName));
    if (!range) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function itemRange(item: string, min: number, max: number, number: (word: string) => number | undefined) {
  const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(item);
  if (!match) return undefined;
  const [, star, first, last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  const from = star ? min : number(first ?? '');
  // `5/10` is from 5 on, `5` is 5 alone.
  const openEnd = star !== undefined || (last === undefined && stepText !== undefined);
  const to = openEnd ? max : last === undefined ? from : number(last);
  if (from === undefined || to === undefined || step < 1 || step > max) return undefined;
  return from >= min && to <= max && from <= to ? { from, to, step } : undefined;
}

function numberOf(word: string, names: readonly string[], firstName: number): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  const index = names.indexOf(word.toLowerCase());
  return index < 0 ? undefined : index + firstName;
}

/** 7 is Sunday too. */
function normalWeekdays(values: readonly number[]): readonly number[] | 'any' {
  const normal = [...new Set(values.map((value) => value % 7))].sort((a, b) => a - b);
  return normal.length === 7 ? 'any' : normal;
}

function fires({ days, months, weekdays }: CronFields): boolean {
  // With both restricted, either is enough.
  if (days === 'any' || weekdays !== 'any') return true;
  const first = days[0] ?? 1;
  const allowed = months === 'any' ? monthLengths.map((_, index) => index + 1) : months;
  return allowed.some((month) => first <= (monthLengths[month - 1] ?? 0));
}
