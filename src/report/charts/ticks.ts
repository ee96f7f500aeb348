import { html, type Markup, type Piece } from '../html.ts';
import type { PhaseSpan, Story } from '../story.ts';
import { type CronRuns, cronRuns } from '../ticks.ts';
import { evenTimeline, type Timeline } from '../timeline.ts';
import { clock, counted, span } from '../words.ts';
import { color, drawing, foldedTable, legendOf, path, place, round, timeAxis } from './frame.ts';

const laneHeight = 26;
/** More lines than that are one. */
const mostMarks = 400;

/** Runs of every cron around the change of duty, a lane for each home. */
export function ticksChart(story: Story): Markup | undefined {
  const crons = cronRuns(story.ticks);
  if (crons.length === 0) return undefined;
  const duty = story.phases.filter(({ phase }) => phase === 'duty');
  const { homes } = story;
  return html`<figure class="chart ticks" id="ticks">
<figcaption><h3>Runs of crons around the change of duty</h3>
<p>${sentence(crons)}</p>${legendOf(homes)}</figcaption>
${crons.map((cron) => cronLanes(cron, homes, duty))}
${foldedTable(
  ['Cron', 'Home', 'Ran at'],
  crons.flatMap(({ cron, ticks }) => ticks.map(({ home, at }): Piece[] => [cron, home, clock(at)])),
)}
</figure>`;
}

/** So many runs before the change of duty, and so many after it, are drawn. */
const runsBeside = 12;

/** The axis of one cron: its runs next to the change of duty, or the last ones where there was none. */
function timelineFor({ ticks }: CronRuns, duty: readonly PhaseSpan[]): Timeline {
  const [begins, ends] = [duty[0]?.from ?? Number.POSITIVE_INFINITY, duty.at(-1)?.to ?? 0];
  const before = ticks.filter(({ at }) => at < begins).slice(-2 * runsBeside);
  const after = ticks.filter(({ at }) => at > ends);
  const near = ends === 0 ? before : [...before.slice(-runsBeside), ...after.slice(0, runsBeside)];
  const times = [...near.map(({ at }) => at), ...duty.flatMap(({ from, to }) => [from, to])];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const margin = Math.max(1_000, (last - first) * 0.02);
  return evenTimeline(first - margin, last + margin);
}

function cronLanes(runs: CronRuns, homes: readonly string[], duty: readonly PhaseSpan[]): Markup {
  const timeline = timelineFor(runs, duty);
  const isDrawn = (at: number) => at >= timeline.from && at <= timeline.to;
  const used = homes.filter((home, index) => index < 2 || runs.ticks.some((tick) => tick.home === home));
  const height = used.length * laneHeight;
  const says = verdictOf(runs);
  const middle = (home: string) => (used.indexOf(home) + 0.5) * laneHeight;
  const x = (at: number) => round(timeline.x(at) * drawing.width);
  const dots = (home: string) =>
    runs.ticks
      .filter((tick) => tick.home === home && isDrawn(tick.at))
      .map(({ at }) => `M${x(at)},${middle(home)}h0`);
  const shade = duty.map(
    ({ from, to }) =>
      html`<rect class="duty" x="${x(from)}" y="0" width="${Math.max(1, round(x(to) - x(from)))}" height="${height}"/>`,
  );
  return html`<h4>${runs.cron} <small>${says}</small></h4>
<div class="plot lanes">
<div class="y">${used.map((home, index) => html`<span style="${place('top', (index + 0.5) / used.length)}" title="${home}">${home}</span>`)}</div>
<div class="area" style="height:${height}px"><svg viewBox="0 0 ${drawing.width} ${height}" preserveAspectRatio="none" role="img" aria-label="Runs of ${runs.cron}: ${says}">
${shade}${path(used.map((home) => `M0,${middle(home)}H${drawing.width}`).join(''), 'grid')}
${used.map((home) => path(dots(home).join(''), `dot ${color(homes.indexOf(home))}`))}
${path(crosses(runs.missed, x, height, isDrawn), 'missed')}${path(crosses(runs.doubled, x, height, isDrawn), 'doubled')}
</svg></div>${timeAxis(timeline)}</div>`;
}

/** A line through all lanes where something is wrong. */
function crosses(
  times: readonly number[] | undefined,
  x: (at: number) => number,
  height: number,
  isDrawn: (at: number) => boolean,
): string {
  const lines = (times ?? []).filter(isDrawn).slice(0, mostMarks);
  return lines.map((at) => `M${x(at)},0V${height}`).join('');
}

function verdictOf({ everyMs, missed, doubled, ticks }: CronRuns): string {
  if (everyMs === undefined || !missed || !doubled)
    return `${counted(ticks.length, 'run')}, too few to judge`;
  return `every ${span(everyMs)}, ${counted(ticks.length, 'run')}, ${missed.length} missed, ${doubled.length} doubled`;
}

function sentence(crons: readonly CronRuns[]): string {
  const runs = crons.reduce((sum, { ticks }) => sum + ticks.length, 0);
  return `${counted(runs, 'run')} of ${counted(crons.length, 'cron')} while it moved; up to ${runsBeside} before and after the change of duty are drawn, which is shaded. What is usual for a cron tells what is missed or doubled.`;
}
