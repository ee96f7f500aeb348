/*
 * ISO 8601 repeating intervals as Chronos takes them: `(R[0-9]*)/(.*)/(P.*)`, see JobUtils and Iso8601Expressions
 * in mesos/chronos. An empty start is "when it is registered".
 */

export interface Interval {
  /** How many runs; undefined for no end. */
  readonly times?: number;
  /** First run, ms since 1970. */
  readonly start?: number;
  /** Calendar months: their length depends on where they begin. */
  readonly months: number;
  /** Calendar days, weeks written out: 24 hours, or an hour more or less where clocks change. */
  readonly days: number;
  /** Elapsed time. */
  readonly ms: number;
}

const intervalPattern = /^R(\d{0,9})\/([^/]*)\/(P[^/]*)$/;
const periodPattern =
  /^P(?!$)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Undefined for a text that is no repeating interval, or one that never moves on. */
export function parseInterval(text: string): Interval | undefined {
  const [, times, startText, periodText = ''] = intervalPattern.exec(text) ?? [];
  const period = parsePeriod(periodText);
  const start = startText ? parseInstant(startText) : undefined;
  if (!period || (startText && start === undefined)) return undefined;
  return {
    ...period,
    ...(times ? { times: Number(times) } : {}),
    ...(start === undefined ? {} : { start }),
  };
}

function parsePeriod(text: string): Pick<Interval, 'months' | 'days' | 'ms'> | undefined {
  const match = periodPattern.exec(text);
  if (!match) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const period = {
    months: years * 12 + months,
    days: weeks * 7 + days,
    ms: (hours * 60 + minutes) * 60_000 + seconds * 1_000,
  };
  return period.months + period.days + period.ms > 0 ? period : undefined;
}

function parseInstant(text: string): number | undefined {
  if (!instantPattern.test(text)) return undefined;
  // Without a zone JavaScript would take this machine's.
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const instant = Date.parse(zoned);
  return Number.isNaN(instant) || instant < 0 ? undefined : instant;
}

/** The first runs from an instant on, ms since 1970; `phase` is where to begin where the interval has no start. */
export function intervalRuns(interval: Interval, phase: number, from: number, count: number): number[] {
  const { start = phase, times = Number.POSITIVE_INFINITY, months } = interval;
  const step = interval.days * day + interval.ms;
  let index = months === 0 && start < from ? Math.ceil((from - start) / step) : 0;
  const runs: number[] = [];
  for (; runs.length < count && index < times; index += 1) {
    const run = addMonths(start, months * index) + step * index;
    if (!Number.isFinite(run)) break;
    if (run >= from) runs.push(run);
  }
  return runs;
}

const day = 86_400_000;

/** Calendar months; a day that a month lacks becomes its last one. */
function addMonths(instant: number, months: number): number {
  if (months === 0) return instant;
  const date = new Date(instant);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(dayOfMonth, last));
  return date.getTime();
}
