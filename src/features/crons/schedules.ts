import { Cron } from 'croner';

/*
 * Two spellings of "when": ISO 8601 repeating intervals as Chronos takes them, `(R[0-9]*)/(.*)/(P.*)`, and
 * cron lines of five fields as Kubernetes takes them (robfig's ParseStandard, which allows `0/1`).
 */

const isoPattern = /^R(\d*)\/([^/]*)\/(P[^/]*)$/;
const periodPattern =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export interface Period {
  /** Calendar months: their length depends on where they begin. */
  readonly months: number;
  readonly ms: number;
}

export interface Interval {
  /** How many runs; undefined for no end. */
  readonly times?: number;
  /** First run, ms since 1970; undefined: whenever it is registered. */
  readonly start?: number;
  readonly period: Period;
}

/** Undefined for a text that is no repeating interval, or one that never moves on. */
export function parseIso(text: string): Interval | undefined {
  const match = isoPattern.exec(text);
  const period = match && parsePeriod(match[3] ?? '');
  if (!match || !period) return undefined;
  const start = match[2] ? parseInstant(match[2]) : undefined;
  if (match[2] && start === undefined) return undefined;
  return {
    period,
    ...(match[1] ? { times: Number(match[1]) } : {}),
    ...(start === undefined ? {} : { start }),
  };
}

export function isIso(text: string): boolean {
  return parseIso(text) !== undefined;
}

/** The firing times of a cron line after an instant, ms since 1970. */
export function cronTimes(line: string, timezone: string | undefined, from: number, count: number): number[] {
  // The library looks strictly after the instant it is given.
  return parseCron(line, timezone)
    .nextRuns(count, new Date(from - 1))
    .map((date) => date.getTime());
}

export function isCron(line: string): boolean {
  if (line.trim().split(/\s+/).length !== 5) return false;
  try {
    // A line that never fires, such as the 31st of February, is no schedule.
    return parseCron(line).nextRun(new Date(Date.UTC(2024, 0, 1))) !== null;
  } catch {
    return false;
  }
}

export function isTimezone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

function parseCron(line: string, timezone = 'UTC'): Cron {
  return new Cron(line, { timezone, paused: true, sloppyRanges: true });
}

function parsePeriod(text: string): Period | undefined {
  const match = periodPattern.exec(text);
  if (!match) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const period = {
    months: (years ?? 0) * 12 + (months ?? 0),
    ms:
      ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 +
      (seconds ?? 0) * 1_000,
  };
  return period.months + period.ms > 0 && Number.isSafeInteger(period.ms) ? period : undefined;
}

function parseInstant(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text))
    return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const instant = Date.parse(zoned);
  return Number.isNaN(instant) || instant < 0 ? undefined : instant;
}
