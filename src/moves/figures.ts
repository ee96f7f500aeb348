import type { HomeStats } from '../edges/edge.ts';
import { latenciesSince } from '../edges/latency.ts';

/** What one home answered between two readings of the edge. */
export type Traffic = Pick<HomeStats, 'requests' | 'errors' | 'overflow' | 'latencies'>;

const nothing: Traffic = { requests: 0, errors: 0, overflow: 0, latencies: [] };

/** Undefined where the counters began anew in between: nothing can be said of such a window. */
export function trafficBetween(
  before: readonly HomeStats[],
  now: readonly HomeStats[],
  home: string,
): Traffic | undefined {
  const after = of(now, home);
  const first = of(before, home);
  if (after.requests < first.requests || after.errors < first.errors) return undefined;
  return {
    requests: after.requests - first.requests,
    errors: after.errors - first.errors,
    overflow: Math.max(0, after.overflow - first.overflow),
    latencies: latenciesSince(after.latencies, first.latencies),
  };
}

function of(stats: readonly HomeStats[], home: string): Traffic {
  return stats.find((one) => one.home === home) ?? nothing;
}
