import type { Latencies } from './edge.ts';

const firstMs = 0.1;
const growth = 1.1;
/** The last bound is 160 s; what is slower counts as that. */
const last = 155;

/** Collects durations in buckets of which each is 10 % wider than the one before. */
export interface LatencyRecorder {
  record(ms: number): void;
  read(): Latencies;
}

export function recordLatencies(): LatencyRecorder {
  const counts = new Uint32Array(last + 1);
  return {
    record(ms) {
      const index = bucketOf(ms);
      counts[index] = (counts[index] ?? 0) + 1;
    },
    read: () => [...counts.entries()].filter(([, count]) => count > 0).map(([at, n]) => [boundOf(at), n]),
  };
}

/** The duration in ms that `percent` of the requests did not exceed, at most 10 % too high; undefined for none. */
export function percentile(latencies: Latencies, percent: number): number | undefined {
  const total = latencies.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [atMostMs, count] of latencies) {
    seen += count;
    if (seen >= (total * percent) / 100) return atMostMs;
  }
  return undefined;
}

/** What was added between two readings of one edge. After a restart of the edge, all of the later one. */
export function latenciesSince(now: Latencies, before: Latencies): Latencies {
  const earlier = new Map(before);
  const added = now.map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const);
  const lost = before.some(([bound, count]) => (new Map(now).get(bound) ?? 0) < count);
  return lost ? now : added.filter(([, count]) => count > 0);
}

function bucketOf(ms: number): number {
  if (!(ms > firstMs)) return 0;
  return Math.min(last, Math.ceil(Math.log(ms / firstMs) / Math.log(growth)));
}

function boundOf(bucket: number): number {
  return Number((firstMs * growth ** bucket).toPrecision(4));
}
