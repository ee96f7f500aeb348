import type { HomeStats } from '../../edges/edge.ts';
import { isFailure } from '../../model/failure.ts';
import type { Condition } from '../../model/retirement.ts';
import type { Reading } from '../../store/retirements.ts';
import type { Leaving } from './conditions.ts';

/**
 * Two readings of the edge with the set time between, and no request to the home between them. The first one is kept
 * in the store; one that a request or a new start of the edge has overtaken is taken anew.
 */
export async function noRequests(leaving: Leaving): Promise<Condition> {
  const { edge, app, home, signal, proofMs } = leaving;
  if (!edge) return withoutEdge(proofMs);
  const stats = await edge.stats(app, signal);
  if (isFailure(stats)) {
    return stats.code === 'no-front' ? met('it has no address on the edge') : unmet(stats.message);
  }
  const own = stats.find((one) => one.home === home);
  if (!own) return met('the edge sends nothing there, it does not know the home any more');
  const open = openThere(own);
  return open ? unmet(open) : await proven(leaving, stats, own);
}

async function proven(leaving: Leaving, stats: readonly HomeStats[], own: HomeStats): Promise<Condition> {
  const { store, app, environment, home, clock, proofMs, notes } = leaving;
  const before = await store.reading(app, environment, home);
  if (isFailure(before)) return unmet(before.message);
  const requests = Object.fromEntries(stats.map((one) => [one.home, one.requests]));
  const came = before && own.requests - (before.requests[home] ?? 0);
  const holds = before !== undefined && came === 0 && sameCount(before, requests);
  const now = clock.now();
  const since = holds ? Date.parse(before.at) : now;
  const reading = { app, environment, home, at: new Date(now).toISOString(), requests };
  const failure = holds || !notes ? undefined : await store.saveReading(reading);
  if (failure) return unmet(failure.message);
  if (now - since >= proofMs) {
    return met(proofMs === 0 ? 'no request is open there' : `no request for ${words(now - since)}`);
  }
  const soFar = holds ? `no request for ${words(now - since)} so far` : why(came, before);
  const found = `${soFar}; ${words(proofMs)} without one are wanted`;
  const metAt = new Date(since + proofMs).toISOString();
  return { ...unmet(found), metAt, hint: 'repeat this later, or --wait; --proof sets another time' };
}

/** Figures only grow while an edge runs. */
function sameCount(before: Reading, now: Readonly<Record<string, number>>): boolean {
  return Object.entries(before.requests).every(([home, count]) => (now[home] ?? count) >= count);
}

function why(came: number | undefined, before: Reading | undefined): string {
  if (came === undefined || !before) return 'its requests are counted from now on';
  if (came > 0) return `${came} ${came === 1 ? 'request' : 'requests'} came since ${before.at}`;
  return 'the edge was started anew, and counts from now on';
}

function openThere({ inFlight, websockets }: HomeStats): string | undefined {
  const parts = [
    inFlight > 0 ? `${inFlight} in flight` : '',
    websockets > 0 ? `${websockets} websockets or event streams` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : `requests are open there: ${parts.join(', ')}`;
}

function withoutEdge(proofMs: number): Condition {
  if (proofMs === 0) return met('the environment has no edge that counts, and no time is wanted');
  return { ...unmet('the environment has no edge that could count requests'), hint: '--proof 0' };
}

function met(found: string): Condition {
  return { name: 'requests', met: true, found };
}

function unmet(found: string): Condition {
  return { name: 'requests', met: false, found };
}

/** `45 s`, `12 min`, `3 h`. */
function words(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return ms < 1000 ? `${ms} ms` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
