import { html, type Markup } from '../html.ts';
import type { Point } from '../points.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import { clock, count, counted, measure, percent } from '../words.ts';
import { at, changesOfShare, color, drawing, foldedTable, frame, legendOf, path } from './frame.ts';
import { scaleFor } from './scale.ts';

/** Errors of each stretch as bars, one home on top of the other. */
export function errorsChart(story: Story, points: readonly Point[], timeline: Timeline): Markup {
  const { homes } = story;
  const scale = scaleFor(Math.max(0, ...points.map((point) => upTo(point, homes.length))), true);
  const bars = homes.map((_, index) =>
    path(points.map((point) => bar(point, index, scale.max, timeline)).join(''), `fill ${color(index)}`),
  );
  return frame({
    id: 'errors',
    title: 'Errors by home',
    says: sentence(points),
    legend: legendOf(homes),
    timeline,
    scale,
    tick: measure,
    flat: points.every((point) => upTo(point, homes.length) === 0),
    shapes: html`${changesOfShare(story, timeline)}${bars}`,
    hits: points.map((point) => ({ from: point.from, to: point.to, text: hitText(point) })),
    table: foldedTable(
      ['From', 'To', ...homes.map((home) => `Errors, ${home}`)],
      points.map((point) => [
        clock(point.from),
        clock(point.to),
        ...point.homes.map((each) => count(each.errors)),
      ]),
    ),
  });
}

function sentence(points: readonly Point[]): string {
  const all = points.flatMap((point) => point.homes);
  const requests = all.reduce((sum, each) => sum + each.requests, 0);
  const errors = all.reduce((sum, each) => sum + each.errors, 0);
  if (errors === 0) return `No error in ${counted(requests, 'request')}.`;
  return `${counted(errors, 'error')} in ${counted(requests, 'request')}, ${percent(errors, requests)}.`;
}

/** At least as wide as can be seen. */
function bar(point: Point, index: number, max: number, timeline: Timeline): string {
  const errors = point.homes[index]?.errors ?? 0;
  if (errors === 0) return '';
  const left = timeline.x(point.from);
  const right = Math.max(timeline.x(point.to), left + 3 / drawing.width);
  const [below, above] = [upTo(point, index) / max, upTo(point, index + 1) / max];
  return `M${at(left, below)}L${at(left, above)}L${at(right, above)}L${at(right, below)}Z`;
}

/** Of the first so many homes. */
function upTo(point: Point, homes: number): number {
  return point.homes.slice(0, homes).reduce((sum, each) => sum + each.errors, 0);
}

function hitText(point: Point): string {
  const lines = point.homes.map(
    (each) => `${each.home}: ${counted(each.errors, 'error')} in ${counted(each.requests, 'request')}`,
  );
  return [`${clock(point.from)} to ${clock(point.to)}`, ...lines].join('\n');
}
