import type { Figures, Story } from './story.ts';
import type { Timeline } from './timeline.ts';
import { spanOf, type Totals, totalsOf } from './totals.ts';

/** What all homes did in one stretch of the time axis. Every figure is in exactly one point. */
export interface Point {
  readonly from: number;
  readonly to: number;
  /** In the order of the story's homes. */
  readonly homes: readonly Totals[];
  /** Of the new home at the end, percent. */
  readonly share: number;
}

const mostPoints = 150;

/** Figures as points no denser than a chart can show them. */
export function pointsOf({ figures, homes, move }: Story, timeline: Timeline): readonly Point[] {
  const groups: { slot: number; figures: Figures[] }[] = [];
  for (const each of figures) {
    const slot = Math.floor(timeline.x(Date.parse(each.at)) * mostPoints);
    const last = groups.at(-1);
    if (last?.slot === slot) last.figures.push(each);
    else groups.push({ slot, figures: [each] });
  }
  return groups.map(({ figures: own }) => ({
    ...spanOf(own),
    homes: homes.map((home) => totalsOf(home, own)),
    share: own.at(-1)?.homes.find(({ home }) => home === move.to)?.share ?? 0,
  }));
}

/** Runs of points without a hole in which nobody looked: a line across it would be made up. */
export function unbroken(points: readonly Point[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  for (const point of points) {
    const last = runs.at(-1)?.at(-1);
    const hole = last === undefined ? 0 : point.from - last.to;
    const usual = last === undefined ? 0 : Math.max(last.to - last.from, point.to - point.from);
    if (last === undefined || hole > 3 * usual) runs.push([point]);
    else runs.at(-1)?.push(point);
  }
  return runs;
}

/** Requests a second. */
export function rate({ requests, windowMs }: Totals): number {
  return windowMs === 0 ? 0 : (requests / windowMs) * 1_000;
}
