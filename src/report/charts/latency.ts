import { html, type Markup } from '../html.ts';
import type { Point } from '../points.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import type { Totals } from '../totals.ts';
import { clock, latency } from '../words.ts';
import { changesOfShare, color, foldedTable, frame, legendOf, path } from './frame.ts';
import { lineThrough } from './lines.ts';
import { scaleFor } from './scale.ts';

/** p50 and p99 of each home; of a stretch with several windows the p99 of the worst one. */
export function latencyChart(story: Story, points: readonly Point[], timeline: Timeline): Markup {
  const { homes } = story;
  const highest = Math.max(0, ...points.flatMap((point) => point.homes.map((each) => each.worstP99 ?? 0)));
  const scale = scaleFor(highest);
  const lines = homes.flatMap((_, index) =>
    (['p50', 'worstP99'] as const).map((name) =>
      path(
        lineThrough(points, timeline, (point) => heightOf(point.homes[index], name, scale.max)),
        `line ${name === 'p50' ? 'thin' : ''} ${color(index)}`,
      ),
    ),
  );
  return frame({
    id: 'latency',
    title: 'Latency by home',
    says: 'Half of the requests are faster than the thin line (p50), 99 of 100 faster than the thick one (p99).',
    legend: legendOf(homes),
    timeline,
    scale,
    tick: latency,
    shapes: html`${changesOfShare(story, timeline)}${lines}`,
    hits: points.map((point) => ({ from: point.from, to: point.to, text: hitText(point) })),
    table: foldedTable(
      ['From', 'To', ...homes.flatMap((home) => [`p50, ${home}`, `p99, ${home}`])],
      points.map((point) => [
        clock(point.from),
        clock(point.to),
        ...point.homes.flatMap(({ p50, worstP99 }) => [shown(p50), shown(worstP99)]),
      ]),
    ),
  });
}

function heightOf(home: Totals | undefined, name: 'p50' | 'worstP99', max: number): number | undefined {
  const value = home?.[name];
  return value === undefined ? undefined : value / max;
}

function shown(ms: number | undefined): string {
  return ms === undefined ? '–' : latency(ms);
}

function hitText(point: Point): string {
  const lines = point.homes.map(
    ({ home, p50, worstP99 }) => `${home}: p50 ${shown(p50)}, p99 ${shown(worstP99)}`,
  );
  return [`${clock(point.from)} to ${clock(point.to)}`, ...lines].join('\n');
}
