import type { HomeStats } from '../edge.ts';
import { recordLatencies } from '../latency.ts';

/** What is counted of one home behind one front, since the edge started. */
export interface Tally {
  requests: number;
  errors: number;
  overflow: number;
  inFlight: number;
  websockets: number;
  latency(ms: number): void;
  read(): Omit<HomeStats, 'home' | 'backends'>;
}

export function createTally(): Tally {
  const latencies = recordLatencies();
  const tally: Tally = {
    requests: 0,
    errors: 0,
    overflow: 0,
    inFlight: 0,
    websockets: 0,
    latency: latencies.record,
    read: () => ({
      requests: tally.requests,
      errors: tally.errors,
      overflow: tally.overflow,
      inFlight: tally.inFlight,
      websockets: tally.websockets,
      latencies: latencies.read(),
    }),
  };
  return tally;
}
