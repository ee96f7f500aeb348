import { Cron } from 'croner';
import { type Failure, fail } from '../../model/failure.ts';
import { addPeriod, nextAfter, type Period } from '../chronos/period.ts';
import { parseSchedule } from '../chronos/schedule.ts';
import { toInstant } from '../chronos/zone.ts';
import type { CronInput } from './input.ts';

/** When a cron is due: the first time after `after`, both in ms since 1970; undefined when it is over. */
export type DueTimes = (after: number) => number | undefined;

/**
 * Reads a schedule: `iso` (`R//PT30M`, `R5/2026-01-01T00:00:00Z/P1D`) where it is given, else the five fields of
 * `cron`. An interval without a start is aligned to the beginning of 1970 by the clock of its time zone (PT30M: at
 * :00 and :30; weeks to its first Monday), so that every home has the same phase. `createdAt` counts the runs of a
 * limited one without a start.
 * Failure: `wrong-value`.
 */
export function dueTimes(schedule: CronInput['schedule'], createdAt: number): DueTimes | Failure {
  const zone = schedule.timezone ?? 'UTC';
  if (!isZone(zone)) return fail('wrong-value', `There is no time zone ${zone}.`);
  if (schedule.iso !== undefined) return isoTimes(schedule.iso, schedule.timezone, createdAt);
  if (schedule.cron !== undefined) return cronTimes(schedule.cron, zone);
  return fail('wrong-value', 'A schedule needs iso or cron.');
}

function cronTimes(pattern: string, timezone: string): DueTimes | Failure {
  try {
    // sloppy: `0/1` is accepted, as Kubernetes does
    const cron = new Cron(pattern, { timezone, paused: true, mode: '5-part', sloppyRanges: true });
    return (after) => cron.nextRun(new Date(after))?.getTime();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail('wrong-value', `The cron expression ${pattern} cannot be understood: ${why}`);
  }
}

function isoTimes(iso: string, timezone: string | undefined, createdAt: number): DueTimes | Failure {
  const parsed = parseSchedule(iso, timezone ?? '', createdAt);
  if (!parsed) {
    return fail('wrong-value', `The interval ${iso} cannot be understood.`, {
      expected: 'R[count]/[start]/period, as in R//PT30M',
    });
  }
  const { period, repeat, zone } = parsed;
  const start = /^R\d*\/\//.test(iso) ? aligned(period, zone, repeat, createdAt) : parsed.start;
  if (repeat === undefined) return (after) => nextAfter(start, period, zone, after);
  return (after) => {
    const due = nextAfter(start, period, zone, after);
    return repeat > 0 && due <= addPeriod(start, period, zone, repeat - 1) ? due : undefined;
  };
}

function aligned(period: Period, zone: string, repeat: number | undefined, createdAt: number): number {
  // Weeks begin with a Monday, as on every other home.
  const day = period.days > 0 && period.days % 7 === 0 ? 5 : 1;
  const epoch = toInstant({ year: 1970, month: 1, day, ms: 0 }, zone);
  return repeat === undefined ? epoch : nextAfter(epoch, period, zone, createdAt);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
