import { addPeriod, nextAfter, type Period, parsePeriod } from './period.ts';
import { javaZone, offsetAt, toInstant, toLocal } from './zone.ts';

/**
 * A repeating interval as Chronos takes it: `R5/2026-01-01T00:00:00Z/PT30M`. Without a number it goes on for
 * ever, without a start it began a second ago.
 */
export interface Schedule {
  /** Runs that are left; undefined: for ever. */
  readonly repeat: number | undefined;
  /** The next run, ms since 1970. */
  readonly start: number;
  readonly period: Period;
  /** As it was written. */
  readonly periodText: string;
  /** Time zone of its days and months, and of how it is shown. */
  readonly zone: string;
}

/** Undefined where Chronos would not understand it (`(R[0-9]*)/(.*)/(P.*)`). `now` in ms since 1970. */
export function parseSchedule(text: string, timeZone: string, now: number): Schedule | undefined {
  const found = /^R(\d*)\/(.*)\/(P.*)$/.exec(text);
  const [, repeatText = '', startText = '', periodText = ''] = found ?? [];
  const period = parsePeriod(periodText);
  if (!found || !period || repeatText.length > 15) return undefined;
  const repeat = repeatText === '' ? undefined : Number(repeatText);
  if (startText === '') {
    return { repeat, start: now - 1000, period, periodText, zone: timeZone ? javaZone(timeZone) : 'UTC' };
  }
  const start = parseTime(startText);
  if (!start) return undefined;
  if (timeZone === '') return { repeat, start: start.instant, period, periodText, zone: start.zone };
  // The fields of the clock stay, the zone is swapped: 08:00Z becomes 08:00 in Berlin.
  const zone = javaZone(timeZone);
  const moved = toInstant(toLocal(start.instant, start.zone), zone);
  return { repeat, start: moved, period, periodText, zone };
}

/** How it stands after its run that was due: the next time ahead, however many were missed, and one run less. */
export function afterRun(schedule: Schedule, now: number): Schedule {
  const { start, period, zone, repeat } = schedule;
  const next = addPeriod(start, period, zone);
  return {
    ...schedule,
    start: next > now ? next : nextAfter(start, period, zone, now),
    repeat: repeat === undefined ? undefined : Math.max(0, repeat - 1),
  };
}

/** As Chronos writes it back: `R4/2026-01-01T00:30:00.000Z/PT30M`. */
export function formatSchedule({ repeat, start, periodText, zone }: Schedule): string {
  return `R${repeat ?? ''}/${formatTime(start, zone)}/${periodText}`;
}

function formatTime(instant: number, zone: string): string {
  const offset = offsetAt(instant, zone);
  const wall = new Date(instant + offset).toISOString().slice(0, -1);
  if (offset === 0) return `${wall}Z`;
  const minutes = Math.abs(offset) / 60_000;
  const hours = `${Math.floor(minutes / 60)}`.padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${hours}:${`${Math.floor(minutes % 60)}`.padStart(2, '0')}`;
}

/** A time as Joda reads it: a date, with or without a time of day, with or without an offset (then UTC). */
function parseTime(text: string): { readonly instant: number; readonly zone: string } | undefined {
  const found =
    /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/.exec(
      text,
    );
  if (!found) return undefined;
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '0',
    offset,
  ] = found;
  const ms = Math.floor(Number(`0.${fraction}`) * 1000);
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  const shown = new Date(wall).toISOString().slice(0, 19);
  if (shown !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) return undefined;
  const zone = zoneOf(offset);
  return { instant: wall - offsetAt(wall, zone), zone };
}

function zoneOf(offset: string | undefined): string {
  if (offset === undefined || offset === 'Z' || /^[+-]00:?(00)?$/.test(offset)) return 'UTC';
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
}
