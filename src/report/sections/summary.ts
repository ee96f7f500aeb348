import { html, type Markup } from '../html.ts';
import type { Story } from '../story.ts';
import { type CronRuns, cronRuns } from '../ticks.ts';
import { type Totals, totalsOf } from '../totals.ts';
import { count, latency, percent } from '../words.ts';

/** The move in numbers: what users saw, then each home by itself. */
export function summary(story: Story): Markup {
  const totals = story.homes.map((home) => totalsOf(home, story.figures));
  const all = totalsOf('all', inOne(story));
  const crons = cronRuns(story.ticks);
  return html`<section id="summary"><h2>In numbers</h2>
<ul class="cards">
${card('Requests', 'requests', all.requests, `${count(story.figures.length)} readings of the edge`)}
${card('Errors', 'errors', all.errors, `${percent(all.errors, all.requests)} of all requests`, all.errors > 0)}
${deploymentCard(story)}
${tickCards(story, crons)}
</ul>
<div class="scroll"><table class="homes">
<caption>Latencies: half of the requests fell into windows with no higher one; worst is the worst window. Taken over: what another home with a share could not answer.</caption>
<thead><tr><th scope="col">Home</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${totals.map((each, index) => homeRow(each, index))}</tbody>
</table></div></section>`;
}

const columns: readonly (readonly [name: string, key: string, show: (home: Totals) => string])[] = [
  ['Requests', 'requests', (home) => count(home.requests)],
  ['Errors', 'errors', (home) => count(home.errors)],
  ['Of them', 'error-share', (home) => percent(home.errors, home.requests)],
  ['Taken over', 'overflow', (home) => count(home.overflow)],
  ['p50', 'p50', (home) => shown(home.p50, latency)],
  ['p99', 'p99', (home) => shown(home.p99, latency)],
  ['p99, worst', 'worst-p99', (home) => shown(home.worstP99, latency)],
  ['In flight, most', 'in-flight', (home) => count(home.mostInFlight)],
  ['Websockets, most', 'websockets', (home) => count(home.mostWebsockets)],
  ['Replaced instances', 'replaced', (home) => shown(home.replaced, count)],
];

function homeRow(home: Totals, index: number): Markup {
  const cells = columns.map(
    ([, key, show]) => html`<td data-number="${key}" data-home="${home.home}">${show(home)}</td>`,
  );
  return html`<tr><th scope="row"><bdi class="c${Math.min(index, 3)}">${home.home}</bdi></th>${cells}</tr>
`;
}

/** Each home's windows as windows of one home, for sums over all. */
function inOne({ figures }: Story): Story['figures'] {
  return figures.map((each) => ({ ...each, homes: each.homes.map((home) => ({ ...home, home: 'all' })) }));
}

function deploymentCard({ deployments }: Story): Markup {
  const failed = deployments.filter(({ status }) => status !== 'done' && status !== 'running').length;
  const note = failed === 0 ? 'recorded while it moved' : `${count(failed)} of them did not end well`;
  return card('Deployments inside', 'deployments', deployments.length, note, failed > 0);
}

function tickCards({ ticks, homes }: Story, crons: readonly CronRuns[]): Markup | undefined {
  if (crons.length === 0) return undefined;
  const byHome = homes
    .map((home) => ({ home, runs: ticks.filter((tick) => tick.home === home).length }))
    .filter(({ runs }, index) => runs > 0 || index < 2)
    .map(({ home, runs }) => `${count(runs)} in ${home}`);
  const judged = crons.filter(({ missed }) => missed !== undefined);
  const missed = judged.reduce((sum, cron) => sum + (cron.missed?.length ?? 0), 0);
  const doubled = judged.reduce((sum, cron) => sum + (cron.doubled?.length ?? 0), 0);
  const note = `${judged.length} of ${crons.length} crons ran often enough to judge`;
  return html`${card('Runs of crons', 'ticks', ticks.length, byHome.join(', '))}
${judged.length === 0 ? undefined : card('Missed runs', 'missed', missed, note, missed > 0)}
${judged.length === 0 ? undefined : card('Doubled runs', 'doubled', doubled, note, doubled > 0)}`;
}

function card(name: string, key: string, value: number, note: string, bad = false): Markup {
  return html`<li class="${bad ? 'bad' : ''}"><span>${name}</span><strong data-number="${key}">${count(value)}</strong><small>${note}</small></li>`;
}

function shown(value: number | undefined, show: (value: number) => string): string {
  return value === undefined ? '–' : show(value);
}
