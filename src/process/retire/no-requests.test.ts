import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edge, HomeStats } from '../../edges/edge.ts';
import { fail, isFailure } from '../../model/failure.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import { noRequests } from './no-requests.ts';

const minute = 60_000;

/** A home `old` whose edge has counted so many requests, at a time that tests set. */
function open() {
  const store = openSqliteStore(':memory:', { now: () => 0, alive: () => true });
  if (isFailure(store)) return assert.fail(store.message);
  const seen = { old: 5, next: 7, inFlight: 0, now: Date.parse('2026-01-01T10:00:00Z'), fails: false };
  const stats = (home: string, requests: number, inFlight: number): HomeStats => ({
    ...{ home, requests, inFlight, backends: 1, errors: 0, overflow: 0, websockets: 0, latencies: [] },
  });
  const edge = {
    stats: async () =>
      seen.fails
        ? fail('edge-not-running', 'The edge does not run.')
        : [stats('old', seen.old, seen.inFlight), stats('next', seen.next, 1)],
  } as unknown as Edge;
  const look = async (proofMs: number, more: { notes?: boolean; edge?: undefined } = {}) => {
    const clock = { now: () => seen.now, sleep: async () => {} };
    const about = { app: 'hcn', environment: 'test1', home: 'old', live: undefined as never };
    return await noRequests({ ...about, edge, store, clock, proofMs, notes: true, ...more });
  };
  return { seen, look };
}

test('the first look counts; the time runs from it, over as many calls as there are', async () => {
  const { seen, look } = open();
  const first = await look(10 * minute);
  assert.deepEqual([first.met, first.metAt], [false, '2026-01-01T10:10:00.000Z']);
  seen.now += 9 * minute;
  seen.next += 100;
  const later = await look(10 * minute);
  assert.equal(later.found, 'no request for 9 min so far; 10 min without one are wanted');
  assert.equal(later.metAt, '2026-01-01T10:10:00.000Z');
  seen.now += minute;
  assert.deepEqual(await look(10 * minute), { name: 'requests', met: true, found: 'no request for 10 min' });
});

test('a request, and an edge that was started anew, begin the time again', async () => {
  const { seen, look } = open();
  await look(minute);
  seen.now += minute;
  seen.old += 1;
  assert.match((await look(minute)).found, /^1 request came since 2026-01-01T10:00:00\.000Z;/);
  seen.now += minute / 2;
  seen.next = 0;
  const anew = await look(minute);
  assert.match(anew.found, /^the edge was started anew/);
  assert.equal(anew.metAt, '2026-01-01T10:02:30.000Z');
});

test('who only looks leaves nothing behind; what is open there is told; no figures are no proof', async () => {
  const { seen, look } = open();
  await look(minute, { notes: false });
  seen.now += minute;
  assert.equal((await look(minute)).met, false);
  seen.inFlight = 1;
  assert.equal((await look(0)).found, 'requests are open there: 1 in flight');
  seen.fails = true;
  assert.deepEqual(await look(0), { name: 'requests', met: false, found: 'The edge does not run.' });
  assert.equal((await look(minute, { edge: undefined })).met, false);
  assert.equal((await look(0, { edge: undefined })).met, true);
});
