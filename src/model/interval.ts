/** Repeating intervals of ISO 8601: `R[n]/[start]/period`. */
export interface Interval {
  /** Undefined repeats for ever. */
  readonly repeat?: number;
  /** ms since 1970; the clock fields as they stand, before a time zone is applied. Undefined: now. */
  readonly start?: number;
  readonly period: Period;
}

/** Months are not days and days are not hours: they are counted by the calendar. */
export interface Period {
  readonly text: string;
  readonly months: number;
  readonly days: number;
  /** Hours, minutes and seconds as ms. */
  readonly ms: number;
}

const periodPattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Undefined for text that is no repeating interval. */
export function parseInterval(text: string): Interval | undefined {
  const [, repeat, start = '', tail = ''] = /^R(\d*)\/([^/]*)\/(P[^/]*)$/.exec(text) ?? [];
  const period = parsePeriod(tail);
  if (repeat === undefined || !period) return undefined;
  const at = start === '' ? undefined : Date.parse(start);
  if (at !== undefined && Number.isNaN(at)) return undefined;
  return {
    ...(repeat === '' ? {} : { repeat: Number(repeat) }),
    ...(at === undefined ? {} : { start: at }),
    period,
  };
}

/** Where a start has a time zone beside it, its clock fields count and its own offset does not, as on Chronos. */
export function readInterval(iso: string, timezone: string | undefined): Interval | undefined {
  const [, repeat = '', start = '', period = ''] = /^(R\d*)\/([^/]*)\/(P.*)$/.exec(iso) ?? [];
  const offset = /(?<=T[\d:.]+)([+-]\d\d:?\d\d|Z)$/;
  const zoned = timezone !== undefined || !offset.test(start) ? start.replace(offset, '') : start;
  const instant = zoned.includes('T') && !offset.test(zoned) ? `${zoned}Z` : zoned;
  return parseInterval(`${repeat}/${instant}/${period}`);
}

function parsePeriod(text: string): Period | undefined {
  const match = periodPattern.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return {
    text,
    months: years * 12 + months,
    days: weeks * 7 + days,
    ms: Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000),
  };
}

export function formatInterval({ repeat, start, period }: Interval): string {
  return `R${repeat ?? ''}/${start === undefined ? '' : new Date(start).toISOString()}/${period.text}`;
}

/** The first moment after `now` that is a whole number of periods behind `start`. */
export function nextStart(start: number, period: Period, now: number): number {
  if (isEmpty(period) || start > now) return start;
  const { months, days, ms } = period;
  const whole = months === 0 ? Math.floor((now - start) / (days * 86_400_000 + ms)) : 0;
  let at = plus(start, period, whole);
  for (let n = whole; at <= now; n++) at = plus(start, period, n + 1);
  return at;
}

/** Where a schedule without a start begins: on whole periods of UTC, so that every home ticks alike. */
export function alignedStart(period: Period, now: number): number {
  const { months, days } = period;
  if (months > 0) return nextStart(Date.UTC(1970, 0, 1), period, now);
  const monday = Date.UTC(1970, 0, 5);
  return nextStart(days % 7 === 0 && days > 0 ? monday : 0, period, now);
}

function plus(start: number, { months, days, ms }: Period, times: number): number {
  if (months === 0) return start + times * (days * 86_400_000 + ms);
  const date = new Date(start);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months * times);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() + times * (days * 86_400_000 + ms);
}

/** A period of no time at all. */
export function isEmpty({ months, days, ms }: Period): boolean {
  return months === 0 && days === 0 && ms === 0;
}
