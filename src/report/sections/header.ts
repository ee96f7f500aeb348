import type { Move } from '../../model/move.ts';
import { html, type Markup } from '../html.ts';
import type { Story } from '../story.ts';
import { moment, span } from '../words.ts';

const words: Readonly<Record<Move['status'], string>> = {
  done: 'Moved',
  back: 'Went back',
  running: 'Under way',
  abandoned: 'Abandoned',
};

/** What moved, from where to where, who did it, when, and how it ended. */
export function header({ move, from, to }: Story): Markup {
  const { app, environment, status, holder, failure } = move;
  const ended = move.finishedAt === undefined ? 'last seen' : 'ended';
  return html`<header>
<p class="kind">Change of residence ${move.move}</p>
<h1><bdi>${app}</bdi> <span>in <bdi>${environment}</bdi></span></h1>
<p class="way"><bdi class="c0">${move.from}</bdi> <span role="img" aria-label="to">→</span> <bdi class="c1">${move.to}</bdi>
<strong class="status ${status}">${words[status]}</strong></p>
<p class="why">${move.why}</p>
<dl>
<div><dt>Began</dt><dd><time datetime="${move.startedAt}">${moment(from)}</time></dd></div>
<div><dt>${ended === 'ended' ? 'Ended' : 'Last seen'}</dt><dd><time datetime="${new Date(to).toISOString()}">${moment(to)}</time></dd></div>
<div><dt>Took</dt><dd>${span(to - from)}</dd></div>
<div><dt>Begun by</dt><dd><bdi>${holder}</bdi></dd></div>
<div><dt>Shares now</dt><dd>${Object.entries(move.shares).map(([home, share], index) => html`${index > 0 ? ', ' : ''}<bdi>${home}</bdi> ${share} %`)}</dd></div>
</dl>
${failure ? failureBox(failure) : undefined}
</header>`;
}

function failureBox({ message, hint, details, code }: NonNullable<Move['failure']>): Markup {
  return html`<div class="failure" role="note"><p><strong>${message}</strong> <code>${code}</code></p>
${hint ? html`<p>${hint}</p>` : undefined}${details ? html`<pre>${details}</pre>` : undefined}</div>`;
}
