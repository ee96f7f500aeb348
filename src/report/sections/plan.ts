import type { Gate } from '../../model/move.ts';
import { html, type Markup } from '../html.ts';
import type { Story } from '../story.ts';
import { counted, latency, span } from '../words.ts';

/** What was meant to happen, and what the gate asked for. */
export function plan({ move }: Story): Markup {
  const { stages, holdMs, soakMs, manual, gate } = move.plan;
  const rows: readonly (readonly [string, string])[] = [
    ['Stages', stages.map((stage) => `${stage} %`).join(', ')],
    ['Each held for', manual ? `${span(holdMs)}, then until somebody approves` : span(holdMs)],
    ['Old home kept warm for', span(soakMs)],
    ...gateRows(gate),
  ];
  return html`<section id="plan"><h2>Plan of the move</h2>
<dl class="plan">${rows.map(
    ([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>
`,
  )}</dl></section>`;
}

function gateRows(gate: Gate): readonly (readonly [string, string])[] {
  const otherwise = gate.inconclusive === 'hold' ? 'with fewer it waits' : 'with fewer it goes on';
  return [
    ['A verdict needs', `${counted(gate.minRequests, 'request')} of the new home; ${otherwise}`],
    ['Errors', `at most ${gate.errorPercent} % of the requests more than in the old home`],
    [
      `Latency, p${gate.percentile}`,
      `at most ${gate.latencyFactor} times that of the old home, and ${latency(gate.latencySlackMs)}`,
    ],
    ['Replaced instances', `at most ${gate.restarts} in a stage`],
    ...gate.commands.map(({ name, exec }) => [`Command ${name}`, exec] as const),
    ...gate.queries.map(
      ({ name, prometheus, query, max }) =>
        [`Query ${name}`, `${query} of ${prometheus} at most ${max}`] as const,
    ),
  ];
}
