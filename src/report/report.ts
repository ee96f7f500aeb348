import type { Move, MoveEvent } from '../model/move.ts';
import { errorsChart } from './charts/errors.ts';
import { latencyChart } from './charts/latency.ts';
import { ticksChart } from './charts/ticks.ts';
import { trafficChart } from './charts/traffic.ts';
import { html, type Markup } from './html.ts';
import { page } from './page.ts';
import { pointsOf } from './points.ts';
import { actions } from './sections/actions.ts';
import { deployments } from './sections/deployments.ts';
import { gates } from './sections/gates.ts';
import { header } from './sections/header.ts';
import { plan } from './sections/plan.ts';
import { stages } from './sections/stages.ts';
import { summary } from './sections/summary.ts';
import { type Story, storyOf } from './story.ts';
import { timelineOf } from './timeline.ts';

/**
 * The report of a move as one HTML page that needs nothing else: no network, no script to be read. Its numbers are
 * the exact sums of the figures among the events.
 */
export function reportOf(move: Move, events: readonly MoveEvent[]): string {
  const story = storyOf(move, events);
  const title = `${move.app} in ${move.environment}: ${move.from} to ${move.to}`;
  const body = html`${header(story)}
<main>
${summary(story)}
${charts(story)}
${stages(story)}
${gates(story)}
${actions(story)}
${deployments(story)}
${plan(story)}
</main>
<footer><p>Made by rehome of what it recorded. All times are UTC.</p></footer>`;
  return page(title, body);
}

function charts(story: Story): Markup {
  const ticks = ticksChart(story);
  if (story.figures.length === 0 && ticks === undefined) {
    return html`<section><h2>Over time</h2><p>Nothing was counted: nobody looked at the edge while it moved.</p></section>`;
  }
  const timeline = timelineOf(story);
  const points = pointsOf(story, timeline);
  return html`<section id="charts"><h2>Over time</h2>
${trafficChart(story, points, timeline)}
${errorsChart(story, points, timeline)}
${latencyChart(story, points, timeline)}
${ticks}</section>`;
}
