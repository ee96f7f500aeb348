import { Cron } from 'croner';
import type { Schedule } from '../../model/schedule.ts';
import { agree } from './agree.ts';
import { parseCronLine } from './cron-line.ts';
import { intervalRuns, parseInterval } from './interval.ts';

/** A Monday: runs are shown from here on, so that a note reads the same on every day. */
const monday = Date.UTC(2026, 0, 5);
const shown = 3;

/** The next runs of both spellings, for people, or undefined where they say the same. */
export function disagreement({ iso, cron, timezone }: Schedule): { iso: string; cron: string } | undefined {
  const interval = iso === undefined ? undefined : parseInterval(iso);
  const fields = cron === undefined ? undefined : parseCronLine(cron);
  if (!interval || !fields || cron === undefined || agree(interval, fields, timezone)) return undefined;
  const isoRuns = intervalRuns(interval, monday, monday, shown);
  return { iso: show(isoRuns, timezone), cron: show(cronRuns(cron, timezone), timezone) };
}

function cronRuns(line: string, timezone = 'UTC'): number[] {
  // The library looks strictly after the instant it is given.
  return new Cron(line, { timezone, paused: true, sloppyRanges: true })
    .nextRuns(shown, new Date(monday - 1))
    .map((date) => date.getTime());
}

function show(times: readonly number[], timezone = 'UTC'): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return 'no time any more';
  const withinDays = last - first >= 86_400_000 || first - monday >= 86_400_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    ...(times.some((time) => time % 60_000 !== 0) ? { second: '2-digit' as const } : {}),
    ...(withinDays ? { weekday: 'short' as const, day: 'numeric' as const, month: 'short' as const } : {}),
  });
  const texts = times.map((time) => format.format(time).replaceAll(',', ''));
  return `${texts.join(withinDays ? ', ' : ' ')} …`;
}
