import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atSecond } from './testing/made-up.ts';
import { cronRuns } from './ticks.ts';

/** Runs of one cron that come as they should, the odd one a little late, the home changing in the middle. */
const regular = fc.record({
  every: fc.integer({ min: 2, max: 3_600 }),
  runs: fc.integer({ min: 8, max: 40 }),
  jitter: fc.array(fc.double({ min: 0, max: 0.12, noNaN: true }), { minLength: 40, maxLength: 40 }),
});

test('runs that come as they should are neither missed nor doubled, also when one is late', () => {
  fc.assert(
    fc.property(
      regular,
      fc.integer({ min: 3, max: 5 }),
      fc.double({ min: 0, max: 0.95, noNaN: true }),
      (runs, which, late) => {
        const times = timesOf(runs);
        const delayed = times.with(which, (times[which] ?? 0) + late * runs.every);
        assert.deepEqual(judge(delayed), { missed: 0, doubled: 0 });
      },
    ),
  );
});

test('one that is missing is missed, one that comes twice is doubled', () => {
  fc.assert(
    fc.property(regular, fc.integer({ min: 2, max: 5 }), (runs, which) => {
      const times = timesOf(runs);
      assert.deepEqual(judge(times.toSpliced(which, 1)), { missed: 1, doubled: 0 });
      const again = (times[which] ?? 0) + runs.every / 50;
      assert.deepEqual(judge(times.toSpliced(which + 1, 0, again)), { missed: 0, doubled: 1 });
      assert.deepEqual(judge(times.toSpliced(which, 2)), { missed: 2, doubled: 0 });
    }),
  );
});

test('too few runs are not judged, and each cron is judged by itself', () => {
  const tick = (cron: string, seconds: number) =>
    ({ type: 'tick', at: atSecond(seconds), move: 'm', app: 'a', home: 'mesos', cron }) as const;
  const [fast, slow] = cronRuns([
    ...[0, 5, 10, 15, 25].map((seconds) => tick('fast', seconds)),
    ...[2, 3].map((seconds) => tick('slow', seconds)),
  ]);
  assert.deepEqual([fast?.cron, fast?.everyMs, fast?.missed?.length], ['fast', 5_000, 1]);
  assert.deepEqual(fast?.missed, [Date.parse(atSecond(20))]);
  assert.deepEqual([slow?.ticks.length, slow?.missed, slow?.doubled], [2, undefined, undefined]);
});

function timesOf({
  every,
  runs,
  jitter,
}: {
  every: number;
  runs: number;
  jitter: readonly number[];
}): number[] {
  return Array.from({ length: runs }, (_, index) => (index + (jitter[index] ?? 0)) * every);
}

function judge(times: readonly number[]) {
  const ticks = times.map((seconds, index) => ({
    ...({ type: 'tick', move: 'm', app: 'a', cron: 'interest' } as const),
    at: atSecond(seconds),
    home: index < 4 ? 'mesos' : 'k8s',
  }));
  const [runs] = cronRuns(ticks);
  return { missed: runs?.missed?.length, doubled: runs?.doubled?.length };
}
