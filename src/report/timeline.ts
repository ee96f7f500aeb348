import type { Story } from './story.ts';
import { clock, day, span } from './words.ts';

/** The time axis that all charts of a report share, from 0 to 1. */
export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** Where a moment is, ms since 1970; what is outside is put on the edge. */
  x(at: number): number;
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
  /** Long waits that take less room than they took time. */
  readonly squeezed: readonly { readonly from: number; readonly to: number; readonly text: string }[];
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly squeezed: boolean;
}

const squeezedShare = 0.12;
const ticksWanted = 6;

/** @param story whose soak and pauses are squeezed where they would leave no room for anything else */
export function timelineOf(story: Story): Timeline {
  const parts = partsOf(story);
  const lengths = widths(parts);
  const starts = lengths.map((_, index) => total(lengths.slice(0, index)));
  const x = (at: number) => {
    const time = Math.min(Math.max(at, story.from), story.to);
    const index = parts.findIndex((part) => time <= part.to);
    const part = parts[index];
    if (!part) return 0;
    const within = part.to === part.from ? 0 : (time - part.from) / (part.to - part.from);
    return (starts[index] ?? 0) + within * (lengths[index] ?? 0);
  };
  return { from: story.from, to: story.to, x, ticks: ticksOf(parts, x), squeezed: squeezedOf(parts) };
}

/** A time axis on which every second takes the same room. */
export function evenTimeline(from: number, to: number): Timeline {
  const x = (at: number) => (to === from ? 0.5 : Math.min(1, Math.max(0, (at - from) / (to - from))));
  return { from, to, x, ticks: ticksOf([{ from, to, squeezed: false }], x), squeezed: [] };
}

/** Cut where something happened, so that what happens within a wait is seen. */
function partsOf(story: Story): readonly Part[] {
  const { from, to } = story;
  const moments = [
    ...story.actions.flatMap(({ at, tookMs = 0 }) => [at, at + tookMs]),
    ...story.shares.map(({ at }) => at),
    ...story.phases.map((phase) => phase.from),
    ...story.deployments.flatMap((each) => [each.from, each.to]),
  ].filter((at) => at > from && at < to);
  const cuts = [from, ...new Set(moments.sort((a, b) => a - b)), to];
  const gaps = cuts.slice(1).map((end, index) => ({ from: cuts[index] ?? from, to: end }));
  const idle = gaps.map((gap) => isIdle(story, gap.from));
  const busyMs = total(gaps.map((gap, index) => (idle[index] ? 0 : gap.to - gap.from)));
  const parts = gaps.map((gap, index) => ({
    ...gap,
    squeezed: idle[index] === true && gap.to - gap.from > Math.max(busyMs / 2, 60_000),
  }));
  return parts.length === 0 ? [{ from, to, squeezed: false }] : joined(parts);
}

/** Whether the move did nothing but wait at a moment. */
function isIdle(story: Story, at: number): boolean {
  const phase = story.phases.findLast(({ from }) => from <= at);
  return phase?.phase === 'soak' || phase?.paused === true || story.move.plan.manual;
}

function joined(parts: readonly Part[]): readonly Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (last && !last.squeezed && !part.squeezed) all[all.length - 1] = { ...last, to: part.to };
    else all.push(part);
  }
  return all;
}

/** Room of each part; squeezed ones get a little each, the others what is left by their length. */
function widths(parts: readonly Part[]): readonly number[] {
  const waits = parts.filter(({ squeezed }) => squeezed).length;
  if (waits === parts.length) return parts.map(() => 1 / parts.length);
  const each = Math.min(squeezedShare, 0.5 / Math.max(1, waits));
  const room = 1 - waits * each;
  const busyMs = total(parts.map((part) => (part.squeezed ? 0 : part.to - part.from)));
  return parts.map((part) => {
    if (part.squeezed) return each;
    return busyMs === 0 ? room / (parts.length - waits) : ((part.to - part.from) / busyMs) * room;
  });
}

const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

function ticksOf(parts: readonly Part[], x: Timeline['x']): Timeline['ticks'] {
  const busy = parts.filter(({ squeezed }) => !squeezed);
  const busyMs = total(busy.map((part) => part.to - part.from));
  const step = 1_000 * (seconds.find((each) => busyMs / 1_000 / each <= ticksWanted) ?? 604_800);
  const found = busy.flatMap((part) => {
    const first = Math.ceil(part.from / step) * step;
    const amount = Math.max(0, Math.floor((part.to - first) / step) + 1);
    return Array.from({ length: amount }, (_, index) => first + index * step);
  });
  return found.map((at) => ({ x: x(at), text: tickText(at, step) }));
}

function tickText(at: number, step: number): string {
  if (at % 86_400_000 === 0) return day(at);
  return step < 60_000 ? clock(at) : clock(at).slice(0, 5);
}

function squeezedOf(parts: readonly Part[]): Timeline['squeezed'] {
  return parts
    .filter(({ squeezed }) => squeezed)
    .map(({ from, to }) => ({ from, to, text: span(to - from) }));
}

function total(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
