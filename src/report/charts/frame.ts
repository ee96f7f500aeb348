import { html, type Markup, type Piece, trusted } from '../html.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import type { Scale } from './scale.ts';

/** Units of a drawing: it is stretched to whatever room there is, its words are not. */
export const drawing = { width: 1_000, height: 200 } as const;

export interface Chart {
  /** Its anchor: `traffic`. */
  readonly id: string;
  readonly title: string;
  /** What it says, in a sentence, also for those who do not see it. */
  readonly says: string;
  readonly legend: Markup;
  readonly timeline: Timeline;
  readonly scale: Scale;
  /** Words of the left axis. */
  readonly tick: (value: number) => string;
  /** Whether the right axis shows percent. */
  readonly shares?: boolean;
  /** Paths within the drawing. */
  readonly shapes: Markup;
  /** What to say of each stretch, and where. */
  readonly hits: readonly { readonly from: number; readonly to: number; readonly text: string }[];
  /** Nothing is to be seen, so it takes little room. */
  readonly flat?: boolean;
  /** Above the drawing. */
  readonly strip?: Markup;
  /** The same as a table. */
  readonly table: Markup;
}

/** A drawing with its axes, its legend, and its numbers as a table. */
export function frame(chart: Chart): Markup {
  const { id, title, says, timeline, scale } = chart;
  return html`<figure class="chart" id="${id}">
<figcaption><h3>${title}</h3><p>${says}</p>${chart.legend}</figcaption>
<div class="plot">${chart.strip}
<div class="y">${scale.ticks.map((value) => label('top', 1 - value / scale.max, chart.tick(value)))}</div>
<div class="area${chart.flat ? ' flat' : ''}">
<svg viewBox="0 0 ${drawing.width} ${drawing.height}" preserveAspectRatio="none" role="img" aria-label="${title}: ${says}">
${grid(scale, timeline)}${chart.shapes}
<g class="hits">${chart.hits.map((hit) => hitArea(hit, timeline))}</g>
</svg></div>
<div class="y right">${chart.shares ? [0, 25, 50, 75, 100].map((share) => label('top', 1 - share / 100, `${share} %`)) : undefined}</div>
${timeAxis(timeline)}
</div>
${chart.table}
</figure>`;
}

/** Below a drawing: moments, and how long a squeezed wait was. */
export function timeAxis({ ticks, squeezed, x }: Timeline): Markup {
  const waits = squeezed.map(
    ({ from, to, text }) => html`<em style="${place('left', (x(from) + x(to)) / 2)}">${text}</em>`,
  );
  return html`<div class="x">${ticks.map((tick) => label('left', tick.x, tick.text))}${waits}</div>`;
}

/** Rows under a heading, folded away. */
export function foldedTable(heading: readonly string[], rows: readonly (readonly Piece[])[]): Markup {
  return html`<details><summary>The numbers of this chart</summary><div class="scroll"><table>
<thead><tr>${heading.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div></details>`;
}

/** What each colour stands for. */
export function legendOf(homes: readonly string[], more?: Markup): Markup {
  return html`<ul class="legend">${homes.map((home, index) => html`<li class="${color(index)}"><i></i>${home}</li>`)}${more}</ul>`;
}

/** The class that colours a home; the old one is the first, the new one the second. */
export function color(index: number): string {
  return `c${Math.min(index, 3)}`;
}

/** `x,y` within the drawing. */
export function at(x: number, share: number): string {
  const y = (1 - Math.min(1, Math.max(0, share))) * drawing.height;
  return `${round(x * drawing.width)},${round(y)}`;
}

export function path(of: string, className: string): Markup {
  return of === '' ? trusted('') : html`<path class="${className}" d="${of}"/>`;
}

/** Where the share changed and where the gate failed: lines through every chart. */
export function changesOfShare({ shares, gates }: Story, timeline: Timeline): Markup {
  const line = (time: number) => `M${at(timeline.x(time), 0)}V0`;
  const failed = gates.filter(({ verdict }) => verdict === 'fail').map((gate) => line(Date.parse(gate.at)));
  const changed = shares.slice(1).map((step) => line(step.at));
  return html`${path(changed.join(''), 'change')}${path(failed.join(''), 'failed')}`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `left: 12.5%` */
export function place(side: 'left' | 'top' | 'width', share: number): string {
  return `${side}:${Math.round(share * 10_000) / 100}%`;
}

function label(side: 'left' | 'top', share: number, text: string): Markup {
  return html`<span style="${place(side, share)}">${text}</span>`;
}

function grid({ ticks, max }: Scale, timeline: Timeline): Markup {
  const lines = ticks.map((value) => `M${at(0, value / max)}H${drawing.width}`);
  const waits = timeline.squeezed.map((wait) => {
    const [left, right] = [timeline.x(wait.from), timeline.x(wait.to)];
    return html`<rect class="wait" x="${round(left * drawing.width)}" y="0" width="${round((right - left) * drawing.width)}" height="${drawing.height}"/>`;
  });
  return html`${waits}${path(lines.join(''), 'grid')}`;
}

function hitArea(hit: Chart['hits'][number], timeline: Timeline): Markup {
  const left = timeline.x(hit.from) * drawing.width;
  const width = Math.max(1, timeline.x(hit.to) * drawing.width - left);
  return html`<rect x="${round(left)}" y="0" width="${round(width)}" height="${drawing.height}"><title>${hit.text}</title></rect>
`;
}
