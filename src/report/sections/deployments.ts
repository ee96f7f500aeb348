import { html, type Markup } from '../html.ts';
import type { Story } from '../story.ts';
import { clock, span } from '../words.ts';

/** Deployments that the move made, or that the team made while it went on. */
export function deployments(story: Story): Markup | undefined {
  if (story.deployments.length === 0) return undefined;
  const rows = story.deployments.map(
    ({ id, app, version, homes, status, from, to, action, message }) => html`<tr class="${status}">
<td><time>${clock(from)}</time></td><th scope="row">${id}</th><td>${action} ${app} ${version}</td><td>${homes.join(', ')}</td><td class="outcome">${status}</td><td>${span(to - from)}</td><td class="words">${message}</td></tr>
`,
  );
  return html`<section id="deployments"><h2>Deployments inside</h2><div class="scroll"><table>
<thead><tr>${['At', 'Deployment', 'What', 'Homes', 'Status', 'Took', 'Why'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}
