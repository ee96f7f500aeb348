import type { HomeFigures } from '../model/move.ts';
import type { Figures, Story } from './story.ts';

/** What a home did in some figures together. Counts are exact sums; latencies are over the windows. */
export interface Totals {
  readonly home: string;
  readonly requests: number;
  readonly errors: number;
  readonly overflow: number;
  /** ms: half of the requests were answered in windows with no higher one. */
  readonly p50?: number;
  readonly p99?: number;
  /** ms: of the worst window. */
  readonly worstP99?: number;
  /** Time that was looked at, ms. */
  readonly windowMs: number;
  readonly mostInFlight: number;
  readonly mostWebsockets: number;
  /** Instances that were replaced; undefined where the home does not tell. */
  readonly replaced?: number;
}

/** One home over all figures of a story, or over some of them. */
export function totalsOf(home: string, figures: readonly Figures[]): Totals {
  const own = figures.flatMap(({ homes }) => homes.filter((each) => each.home === home));
  const p99 = latencies(own, 'p99');
  return {
    home,
    requests: sum(own, ({ requests }) => requests),
    errors: sum(own, ({ errors }) => errors),
    overflow: sum(own, ({ overflow }) => overflow),
    windowMs: sum(own, ({ windowMs }) => windowMs),
    ...optional('p50', middle(latencies(own, 'p50'))),
    ...optional('p99', middle(p99)),
    ...optional('worstP99', p99.at(-1)?.ms),
    mostInFlight: most(own, ({ inFlight }) => inFlight),
    mostWebsockets: most(own, ({ websockets }) => websockets),
    ...optional('replaced', replaced(own)),
  };
}

export interface StageTotals {
  readonly from: number;
  readonly to: number;
  /** Of the new home, percent. */
  readonly share: number;
  readonly homes: readonly Totals[];
}

/** The figures as long as the new home's share stayed as it was. Every figure is in exactly one stage. */
export function stagesOf({ figures, homes, move }: Story): readonly StageTotals[] {
  const stages: { share: number; figures: Figures[] }[] = [];
  for (const each of figures) {
    const share = each.homes.find(({ home }) => home === move.to)?.share ?? 0;
    const last = stages.at(-1);
    if (last?.share === share) last.figures.push(each);
    else stages.push({ share, figures: [each] });
  }
  return stages.map(({ share, figures: own }) => ({
    share,
    ...spanOf(own),
    homes: homes.map((home) => totalsOf(home, own)),
  }));
}

/** From the beginning of the first window to the end of the last, ms since 1970. */
export function spanOf(figures: readonly Figures[]): { readonly from: number; readonly to: number } {
  const [first, last] = [figures[0], figures.at(-1)];
  if (!first || !last) return { from: 0, to: 0 };
  return {
    from: Date.parse(first.at) - most(first.homes, ({ windowMs }) => windowMs),
    to: Date.parse(last.at),
  };
}

interface Weighed {
  readonly ms: number;
  readonly requests: number;
}

/** Lowest first. */
function latencies(own: readonly HomeFigures[], percentile: 'p50' | 'p99'): readonly Weighed[] {
  return own
    .flatMap((each) => {
      const ms = each[percentile];
      return ms === undefined ? [] : [{ ms, requests: each.requests }];
    })
    .sort((a, b) => a.ms - b.ms);
}

/** The latency that half of the requests stay within, window by window. */
function middle(sorted: readonly Weighed[]): number | undefined {
  const half = sum(sorted, ({ requests }) => requests) / 2;
  let before = 0;
  return sorted.find(({ requests }) => {
    before += requests;
    return before >= half;
  })?.ms;
}

/** The count begins anew with each stage. */
function replaced(own: readonly HomeFigures[]): number | undefined {
  const counts = own.flatMap(({ restarts }) => (restarts === undefined ? [] : [restarts]));
  if (counts.length === 0) return undefined;
  return counts.reduce((total, now, index) => {
    const before = counts[index - 1] ?? 0;
    return total + (now >= before ? now - before : now);
  }, 0);
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function most<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((highest, item) => Math.max(highest, value(item)), 0);
}

function optional<Key extends string>(key: Key, value: number | undefined): { [K in Key]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: number });
}
