import { html, type Markup } from '../html.ts';
import { type Point, rate } from '../points.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import { clock, count, counted, measure } from '../words.ts';
import { at, changesOfShare, color, drawing, foldedTable, frame, legendOf, path, place } from './frame.ts';
import { areaBetween } from './lines.ts';
import { scaleFor } from './scale.ts';

/** Requests a second by home, one on top of the other, with the share of the new home as a line. */
export function trafficChart(story: Story, points: readonly Point[], timeline: Timeline): Markup {
  const { homes, move } = story;
  const scale = scaleFor(Math.max(0, ...points.map((point) => upTo(point, homes.length))));
  const areas = homes.map((_, index) => {
    const below = (point: Point) => upTo(point, index) / scale.max;
    const above = (point: Point) => upTo(point, index + 1) / scale.max;
    return path(areaBetween(points, timeline, below, above), `fill ${color(index)}`);
  });
  const requests = points.flatMap((point) => point.homes).reduce((sum, each) => sum + each.requests, 0);
  return frame({
    id: 'traffic',
    title: 'Traffic by home',
    says: `Requests a second, ${counted(requests, 'request')} in all. The line is the share of ${move.to}.`,
    legend: legendOf(homes, html`<li class="share"><i></i>share of ${move.to}</li>`),
    timeline,
    scale,
    tick: measure,
    shares: true,
    shapes: html`${areas}${changesOfShare(story, timeline)}${path(shareLine(story, timeline), 'share')}`,
    hits: points.map((point) => ({ from: point.from, to: point.to, text: hitText(point) })),
    strip: html`${phaseStrip(story, timeline)}${deploymentStrip(story, timeline)}`,
    table: foldedTable(
      ['From', 'To', `Share of ${move.to}`, ...homes.map((home) => `Requests, ${home}`)],
      points.map((point) => [
        clock(point.from),
        clock(point.to),
        `${point.share} %`,
        ...point.homes.map((each) => count(each.requests)),
      ]),
    ),
  });
}

/** The phases of the move on the same axis, above the drawing. */
function phaseStrip({ phases }: Story, timeline: Timeline): Markup {
  const spans = phases.map(({ phase, direction, paused, from, to }) => {
    const name = paused ? `${phase}, paused` : direction === 'back' ? `${phase}, back` : phase;
    return stretch(name, `${direction}${paused ? ' paused' : ''}`, from, to, timeline);
  });
  return html`<div class="strip">${spans}</div>`;
}

/** Deployments while it moved. */
function deploymentStrip({ deployments }: Story, timeline: Timeline): Markup | undefined {
  if (deployments.length === 0) return undefined;
  const spans = deployments.map(({ app, version, status, from, to }) =>
    stretch(`${app} ${version ?? ''} ${status}`, `deployment ${status}`, from, to, timeline),
  );
  return html`<div class="strip">${spans}</div>`;
}

/** Narrower ones have no room for a word; it is said where the pointer is. */
const leastForWords = 0.05;

function stretch(name: string, kind: string, from: number, to: number, timeline: Timeline): Markup {
  const left = timeline.x(from);
  const width = timeline.x(to) - left;
  const style = `${place('left', left)};${place('width', width)}`;
  const title = `${name}: ${clock(from)} to ${clock(to)}`;
  return html`<span class="${kind}" style="${style}" title="${title}">${width < leastForWords ? undefined : name}</span>`;
}

function shareLine({ shares }: Story, timeline: Timeline): string {
  const [first, ...more] = shares;
  if (!first) return '';
  const steps = more.map((step) => {
    const [x, y] = at(timeline.x(step.at), step.share / 100).split(',');
    return `H${x}V${y}`;
  });
  return `M${at(timeline.x(first.at), first.share / 100)}${steps.join('')}H${drawing.width}`;
}

/** Of the first so many homes, requests a second. */
function upTo(point: Point, homes: number): number {
  return point.homes.slice(0, homes).reduce((sum, each) => sum + rate(each), 0);
}

function hitText(point: Point): string {
  const lines = point.homes.map((each) => `${each.home}: ${measure(rate(each))} a second`);
  return [`${clock(point.from)} to ${clock(point.to)}, share ${point.share} %`, ...lines].join('\n');
}
