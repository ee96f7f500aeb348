import { type LocalTime, toInstant, toLocal } from './zone.ts';

/** An ISO 8601 duration: a calendar part, added by the clock on the wall, and an exact part. */
export interface Period {
  /** Years count as twelve. */
  readonly months: number;
  /** Weeks count as seven. */
  readonly days: number;
  readonly ms: number;
}

/** `P1Y2M3W4DT5H6M7.5S`, any part of it. Undefined for anything else, and for a period of no length. */
export function parsePeriod(text: string): Period | undefined {
  const found = pattern.exec(text);
  if (!found || text.endsWith('T') || text === 'P') return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  const period: Period = {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    ms: Math.round(((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000),
  };
  return period.months + period.days + period.ms > 0 ? period : undefined;
}

const pattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * An instant (ms since 1970) later by a period, in a time zone: days and months keep the clock on the wall, a 31st
 * becomes the last of a shorter month, hours are exact.
 */
export function addPeriod(instant: number, period: Period, zone: string, times = 1): number {
  if (period.months === 0 && period.days === 0) return instant + period.ms * times;
  const local = addCalendar(toLocal(instant, zone), period.months * times, period.days * times);
  return toInstant(local, zone) + period.ms * times;
}

/** The first time after `now` in the row that begins at `start`; `start` itself where that lies ahead. */
export function nextAfter(start: number, period: Period, zone: string, now: number): number {
  let time = start;
  if (time <= now) {
    const skips = Math.max(0, Math.floor((now - start) / longest(period)) - 1);
    // In one leap as far as that is the same as many steps: months may not be leapt, because of their lengths.
    if (period.months === 0) time = addPeriod(start, period, zone, skips);
  }
  while (time <= now) time = addPeriod(time, period, zone);
  return time;
}

const dayMs = 86_400_000;

/** No turn takes longer than this: a day has at most 25 hours (and Lord Howe's is shorter). */
function longest({ days, ms }: Period): number {
  return days * (dayMs + 3_600_000) + ms;
}

function addCalendar(local: LocalTime, months: number, days: number): LocalTime {
  const month = local.month - 1 + months;
  const year = local.year + Math.floor(month / 12);
  const monthIndex = ((month % 12) + 12) % 12;
  const day = Math.min(local.day, lastDayOf(year, monthIndex));
  const date = new Date(Date.UTC(year, monthIndex, day + days));
  return { ...local, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function lastDayOf(year: number, monthIndex: number): number {
  return new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate();
}
