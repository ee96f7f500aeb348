import { html, type Markup } from '../html.ts';
import type { Story } from '../story.ts';
import { type StageTotals, stagesOf, type Totals } from '../totals.ts';
import { clock, count, latency, percent, span } from '../words.ts';

/** What each share showed: old home and new one side by side. */
export function stages(story: Story): Markup | undefined {
  const all = stagesOf(story);
  if (all.length === 0) return undefined;
  const { homes, move } = story;
  return html`<section id="stages"><h2>Share by share</h2>
<div class="scroll"><table>
<caption>As long as the share of ${move.to} stayed the same.</caption>
<thead><tr><th scope="col">Share of ${move.to}</th><th scope="col">From</th><th scope="col">For</th>
${homes.map((home) => html`<th scope="col">Requests, ${home}</th><th scope="col">Errors, ${home}</th><th scope="col">p99, ${home}</th>`)}</tr></thead>
<tbody>${all.map(row)}</tbody></table></div></section>`;
}

function row(stage: StageTotals): Markup {
  return html`<tr><th scope="row">${stage.share} %</th><td>${clock(stage.from)}</td><td>${span(stage.to - stage.from)}</td>${stage.homes.map(cells)}</tr>
`;
}

function cells({ requests, errors, p99 }: Totals): Markup {
  const failed = errors === 0 ? '0' : `${count(errors)} (${percent(errors, requests)})`;
  return html`<td>${count(requests)}</td><td>${failed}</td><td>${p99 === undefined ? '–' : latency(p99)}</td>`;
}
