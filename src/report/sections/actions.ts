import { html, type Markup } from '../html.ts';
import type { ActionTaken, Story } from '../story.ts';
import { clock, span } from '../words.ts';

const outcomes: Readonly<Record<ActionTaken['outcome'], string>> = {
  done: 'done',
  failed: 'failed',
  begun: 'no end was seen',
};

/** Everything that was done, in order. */
export function actions(story: Story): Markup {
  const rows = story.actions.map(
    ({ at, phase, action, outcome, message, tookMs }) => html`<tr class="${outcome}">
<td><time>${clock(at)}</time></td><td>${phase}</td><th scope="row">${action}</th><td class="outcome">${outcomes[outcome]}</td><td>${tookMs === undefined ? '' : span(tookMs)}</td><td class="words">${message}</td></tr>
`,
  );
  return html`<section id="actions"><h2>Every action</h2>
${
  rows.length === 0
    ? html`<p>Nothing was recorded.</p>`
    : html`<div class="scroll"><table>
<caption>Times are UTC.</caption>
<thead><tr>${['At', 'Phase', 'Action', 'Outcome', 'Took', 'What came of it'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`
}</section>`;
}
