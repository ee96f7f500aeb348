import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalRuns, parseInterval } from './interval.ts';

function runs(iso: string, from: string, count = 3): string[] {
  const interval = parseInterval(iso);
  assert.ok(interval, iso);
  const at = Date.parse(from);
  return intervalRuns(interval, at, at, count).map((run) => new Date(run).toISOString().slice(0, 16));
}

test('runs from an instant on, whenever the interval began', () => {
  assert.deepEqual(runs('R//PT30M', '2026-01-05T00:00Z'), [
    '2026-01-05T00:00',
    '2026-01-05T00:30',
    '2026-01-05T01:00',
  ]);
  assert.deepEqual(runs('R/1970-01-01T00:07:00Z/PT30M', '2026-01-05T00:00Z', 2), [
    '2026-01-05T00:07',
    '2026-01-05T00:37',
  ]);
  assert.deepEqual(runs('R/2026-01-06/P1W', '2026-01-05T00:00Z', 2), [
    '2026-01-06T00:00',
    '2026-01-13T00:00',
  ]);
  assert.deepEqual(runs('R/2026-01-06T01:00:00+02:00/P1D', '2026-01-05T00:00Z', 1), ['2026-01-05T23:00']);
});

test('a month that lacks the day runs on its last one', () => {
  assert.deepEqual(runs('R/2026-01-31T03:00:00Z/P1M', '2026-01-05T00:00Z'), [
    '2026-01-31T03:00',
    '2026-02-28T03:00',
    '2026-03-31T03:00',
  ]);
});

test('an interval ends after its runs, and where the calendar ends', () => {
  assert.deepEqual(runs('R2/2026-01-04T00:00:00Z/P1D', '2026-01-05T00:00Z'), ['2026-01-05T00:00']);
  assert.deepEqual(runs('R0//P1D', '2026-01-05T00:00Z'), []);
  // JavaScript's dates end in the year 275760: 2026 and 27 times 9,999 years more.
  assert.equal(runs('R/2026-01-01T00:00:00Z/P9999Y', '2026-01-05T00:00Z', 40).length, 27);
});
