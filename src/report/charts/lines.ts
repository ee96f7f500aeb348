import { type Point, unbroken } from '../points.ts';
import type { Timeline } from '../timeline.ts';
import { at } from './frame.ts';

type Height = (point: Point) => number;

/** A line through the points that have a height, from 0 to 1; broken where nobody looked. */
export function lineThrough(
  points: readonly Point[],
  timeline: Timeline,
  height: (point: Point) => number | undefined,
): string {
  return unbroken(points.filter((point) => height(point) !== undefined))
    .map((run) => `M${outline(run, timeline, (point) => height(point) ?? 0).join('L')}`)
    .join('');
}

/** What lies between two lines. */
export function areaBetween(
  points: readonly Point[],
  timeline: Timeline,
  lower: Height,
  upper: Height,
): string {
  return unbroken(points)
    .map((run) => {
      const back = [...outline(run, timeline, lower)].reverse();
      return `M${[...outline(run, timeline, upper), ...back].join('L')}Z`;
    })
    .join('');
}

/** Through the middle of each stretch, and out to both ends of the run. */
function outline(run: readonly Point[], timeline: Timeline, height: Height): readonly string[] {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return [];
  return [
    at(timeline.x(first.from), height(first)),
    ...run.map((point) => at((timeline.x(point.from) + timeline.x(point.to)) / 2, height(point))),
    at(timeline.x(last.to), height(last)),
  ];
}
