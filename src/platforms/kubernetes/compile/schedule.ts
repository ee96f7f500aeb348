import { type Interval, isEmpty, nextStart, readInterval } from '../../../model/interval.ts';
import type { Schedule } from '../../../model/schedule.ts';
import { zoneName } from '../../../model/zones.ts';
import { given } from '../../json.ts';
import type { KubernetesSettings } from '../settings.ts';
import { cronLine } from './cron-line.ts';
import { type CronLine, intervalLine, utc } from './interval-line.ts';

/** What a CronJob is to be told, or why it cannot be. */
export type CompiledSchedule =
  | {
      readonly line: CronLine;
      /** The interval is counted from when the cron is armed; no clock says it. */
      readonly byEvery?: true;
      /** It is meant to run more often than a CronJob can. */
      readonly slowed?: true;
      /** The moment before which nothing was to run, as it was written. */
      readonly start?: string;
    }
  | { readonly line?: undefined; readonly why: string; readonly hint: string };

/** The platform's own spelling as it stands, else the other one where both tick at the same moments for ever. */
export function compileSchedule(schedule: Schedule, settings: KubernetesSettings): CompiledSchedule {
  const { iso, cron } = schedule;
  const timezone = schedule.timezone === undefined ? undefined : zoneName(schedule.timezone);
  if (schedule.timezone !== undefined && timezone === undefined) {
    const why = `Nobody knows a time zone ${schedule.timezone}.`;
    return { why, hint: 'write the name of a place, such as Europe/London' };
  }
  if (cron !== undefined) {
    const line = cronLine(cron);
    return line === undefined
      ? { why: `Kubernetes takes no cron expression such as ${cron}.`, hint: fiveFields }
      : { line: { schedule: line, timeZone: timezone ?? utc } };
  }
  const interval = readInterval(iso ?? '', timezone);
  if (!interval || isEmpty(interval.period)) {
    return { why: `The schedule ${iso} is no repeating interval such as R//PT30M.`, hint: fiveFields };
  }
  const line = intervalLine(interval, timezone);
  if (line) return { line, ...startOf(iso) };
  const { intervals = 'exact' } = settings;
  const every = intervals === 'exact' ? undefined : everyLine(interval);
  if (every !== undefined)
    return { line: { schedule: every, timeZone: utc }, byEvery: true, ...startOf(iso) };
  if (intervals === 'slowed' && isTooOften(interval)) return { line: everyMinute, slowed: true };
  return inexact(iso ?? '', interval);
}

const everyMinute: CronLine = { schedule: '* * * * *', timeZone: utc };

const fiveFields = 'write `cron:` with five fields, such as "30 6 * * 1-5"';

function startOf(iso: string | undefined): { readonly start?: string } {
  return given({ start: /\/([^/]+)\//.exec(iso ?? '')?.[1] });
}

/** https://pkg.go.dev/github.com/robfig/cron/v3: whole seconds, from the last run on. */
function everyLine({ repeat, period: { months, days, ms } }: Interval): string | undefined {
  const seconds = days * 86_400 + ms / 1_000;
  if (repeat !== undefined || months > 0 || seconds < leastSeconds || !Number.isInteger(seconds))
    return undefined;
  return `@every ${goDuration(seconds)}`;
}

/**
 * A CronJob names its Jobs after the minute that they are due in, so a second one in the same minute never starts:
 * `getJobName` in https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/cronjob/utils.go
 */
const leastSeconds = 60;

function isTooOften({ repeat, period: { months, days, ms } }: Interval): boolean {
  return repeat === undefined && months === 0 && days === 0 && ms < leastSeconds * 1_000;
}

function goDuration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return `${h > 0 ? `${h}h` : ''}${m > 0 ? `${m}m` : ''}${s > 0 ? `${s}s` : ''}`;
}

/** Nothing is chosen silently: what was meant and the nearest line stand side by side. */
function inexact(iso: string, interval: Interval): CompiledSchedule {
  if (interval.repeat !== undefined) {
    const why = `${iso} ends after ${interval.repeat} runs; a CronJob never ends by itself.`;
    return { why, hint: 'write `cron:` beside `schedule:`, or leave the number out' };
  }
  if (isTooOften(interval)) {
    const why = `${iso} is more than once a minute; a CronJob starts at most one run in a minute.`;
    return { why, hint: 'let a service do it, or set `intervals: slowed` in the home for once a minute' };
  }
  const near = nearestLine(interval);
  const runs = runsOf(interval);
  const from = near ? Math.max(0, runs.findIndex((run, at) => run !== near.runs[at]) - shownRuns / 2) : 0;
  const shownOf = (all: readonly string[]) =>
    `${from > 0 ? '… ' : ''}${all.slice(from, from + shownRuns).join(' ')}`;
  const beside = near ? `; the nearest line, ${near.line}, at ${shownOf(near.runs)}` : '';
  return {
    why: `No cron line ticks when ${iso} does. It runs at ${shownOf(runs)}${beside}.`,
    hint:
      interval.period.months > 0
        ? 'write `cron:` beside `schedule:`, and decide what Kubernetes shall do'
        : 'write `cron:` beside `schedule:`, or set `intervals: every` in the home',
  };
}

const shownRuns = 4;

/** Every step that begins anew differs from one that counts on within so many. */
const mostRuns = 64;

/** The first runs from a start on. */
function runsOf({ start = 0, period }: Interval): readonly string[] {
  const runs = [start];
  while (runs.length < mostRuns) runs.push(nextStart(start, period, runs.at(-1) ?? start));
  const withDay = period.days > 0 || period.months > 0 || period.ms >= 6 * 3_600_000;
  return runs.map((at) => shown(at, withDay, period.ms % 60_000 !== 0));
}

function shown(at: number, withDay: boolean, withSeconds: boolean): string {
  const text = new Date(at).toISOString();
  return `${withDay ? `${text.slice(5, 10)}T` : ''}${text.slice(11, withSeconds ? 19 : 16)}`;
}

/** What people write who think that a step counts on over the hour, or over midnight. */
function nearestLine({ period: { months, days, ms } }: Interval) {
  const minutes = ms / 60_000;
  if (months > 0 || days > 0 || !Number.isInteger(minutes)) return undefined;
  if (minutes < 60) return { line: `*/${minutes} * * * *`, runs: steps(minutes, 60, 1) };
  if (minutes % 60 !== 0 || minutes >= 1_440) return undefined;
  return { line: `0 */${minutes / 60} * * *`, runs: steps(minutes / 60, 24, 60) };
}

/** Runs of a step that begins anew with every circle of an hour (of minutes) or a day (of hours). */
function steps(step: number, circle: number, unit: number): readonly string[] {
  const perCircle = Math.ceil(circle / step);
  return Array.from({ length: mostRuns }, (_, n) => {
    const at = Math.floor(n / perCircle) * circle + (n % perCircle) * step;
    return shown(at * unit * 60_000, unit > 1, false);
  });
}

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The schedule of a CronJob of anybody. */
export function readSchedule(schedule: string, timeZone: string | undefined): Schedule {
  const [, zone, line = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec(schedule.trim()) ?? [];
  const timezone = timeZone ?? zone;
  const every = /^@every (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(line);
  if (every) {
    const [h, m, s] = [every[1], every[2], every[3]].map((part) => part ?? '');
    return { iso: `R//PT${h && `${h}H`}${m && `${m}M`}${s && `${s}S`}` };
  }
  return given({ cron: macros[line] ?? line, timezone });
}
