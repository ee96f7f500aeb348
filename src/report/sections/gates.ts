import { html, type Markup } from '../html.ts';
import type { GateEvent, Story } from '../story.ts';
import { clock } from '../words.ts';

interface Verdict extends GateEvent {
  readonly times: number;
  readonly until: string;
}

/** What the gate said of each stage; the same verdict several times in a row is one line. */
export function gates(story: Story): Markup | undefined {
  if (story.gates.length === 0) return undefined;
  const rows = inARow(story.gates).map(
    ({ at, until, stage, verdict, why, times }) => html`<tr class="${verdict}">
<td><time>${clock(at)}</time>${times > 1 ? ` to ${clock(until)}` : undefined}</td><td>${stage} %</td><td class="outcome">${verdict}${times > 1 ? `, ${times} times` : undefined}</td><td class="words">${why}</td></tr>
`,
  );
  return html`<section id="gates"><h2>Verdicts of the gate</h2><div class="scroll"><table>
<thead><tr>${['At', 'Share', 'Verdict', 'Why'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function inARow(events: readonly GateEvent[]): readonly Verdict[] {
  const all: Verdict[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (last?.stage === event.stage && last.verdict === event.verdict) {
      all[all.length - 1] = { ...last, why: event.why, times: last.times + 1, until: event.at };
    } else all.push({ ...event, times: 1, until: event.at });
  }
  return all;
}
