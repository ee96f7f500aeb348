import type { Cron } from '../../model/app.ts';
import type { Difference } from '../../model/comparison.ts';
import type { Schedule } from '../../model/schedule.ts';
import { same } from '../fields.ts';
import { dueTimes } from './due-times.ts';
import { difference, type Found, unlike } from './found.ts';
import { notesOf, verdictOf, wordsOf } from './notes.ts';
import type { Pair, Side } from './side.ts';
import { compareWorkload } from './workload.ts';

export function compareCron(left: Cron, right: Cron, pair: Pair): readonly Difference[] {
  const path = `crons.${left.name}`;
  return [
    ...schedules(left, right, pair),
    ...compareWorkload(path, left, right, pair),
    ...unlike(
      `${path}.concurrent`,
      left.concurrent,
      right.concurrent,
      'whether a run may start while the one before is still going',
    ),
    ...unlike(`${path}.retries`, left.retries, right.retries, 'tries after a run that failed'),
  ];
}

export function schedulePath(cron: string): string {
  return `crons.${cron}.schedule`;
}

/** Two spellings that tick alike are one schedule, and one spelling may tick in two ways. */
function schedules(left: Cron, right: Cron, pair: Pair): readonly Difference[] {
  const [l, r] = [dueIn(pair.left, left), dueIn(pair.right, right)];
  const [ticks, others] = [samples(l, pair.now), samples(r, pair.now)];
  const path = schedulePath(left.name);
  if (!ticks || !others) {
    const why = 'nobody can tell when it runs in one of the homes';
    return same(l, r) ? [] : [difference(path, spelling(l), spelling(r), 'blocking', why)];
  }
  if (same(ticks, others)) return [];
  const [verdict, why] = reason(left, right, isSteady(ticks, others), pair);
  const [shown, beside] = sideBySide(ticks, others);
  return [difference(path, `${spelling(l)}: ${shown}`, `${spelling(r)}: ${beside}`, verdict, why)];
}

function dueIn({ due }: Side, { name, schedule }: Cron): Schedule {
  return due[name] ?? schedule;
}

/** Moments after some others, ms since 1970. */
type Windows = readonly (readonly number[])[];

const runs = 24;
const windows = 13;
const windowMs = 30 * 86_400_000;

/** The next runs, and the next ones from some moments of the year on: clocks change twice in it. */
function samples(schedule: Schedule, now: number): Windows | undefined {
  const all = Array.from({ length: windows }, (_, n) => dueTimes(schedule, now + n * windowMs, runs));
  return all.every((times) => times !== undefined) ? all : undefined;
}

/** Whether both have one and the same distance from run to run all the time. */
function isSteady(left: Windows, right: Windows): boolean {
  if (left.some((times, n) => times.length !== right[n]?.length)) return false;
  const distances = [...left, ...right].flatMap((times) =>
    times.slice(1).map((at, n) => at - (times[n] ?? at)),
  );
  return new Set(distances).size === 1;
}

function reason(left: Cron, right: Cron, isSteadily: boolean, pair: Pair): Found {
  const about = schedulePath(left.name);
  const told = [pair.left, pair.right]
    .flatMap(notesOf)
    .filter((one) => one.about === about && verdictOf(one, pair) !== 'equivalent');
  const [first] = told;
  if (first) return [verdictOf(first, pair), wordsOf(first.note)];
  if (isSteadily && hasNoPhase(left.schedule) && same(left.schedule.iso, right.schedule.iso)) {
    const why = `${left.schedule.iso} does not say at which minutes it begins, and the homes began at different ones`;
    return ['accepted', why];
  }
  return ['blocking', 'it does not run at the same times'];
}

function hasNoPhase({ iso }: Schedule): boolean {
  return iso !== undefined && /^R\d*\/\//.test(iso);
}

function spelling({ iso, cron, timezone }: Schedule): string {
  return [iso ?? cron ?? '', ...(timezone ? [timezone] : [])].join(' ');
}

const shownRuns = 3;

/** A few runs of both from the first one on at which they part. */
function sideBySide(left: Windows, right: Windows): readonly [string, string] {
  const at = left.findIndex((times, n) => !same(times, right[n]));
  const [l, r] = [left[at] ?? [], right[at] ?? []];
  const parts = l.findIndex((time, n) => time !== r[n]);
  const from = Math.max(0, (parts < 0 ? l.length : parts) + 1 - shownRuns);
  return [shown(l, from), shown(r, from)];
}

function shown(times: readonly number[], from: number): string {
  const some = times.slice(from, from + shownRuns);
  if (some.length === 0) return 'never again';
  return some.map((at) => new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z')).join(' ');
}
