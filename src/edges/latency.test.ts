import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { latenciesSince, percentile, recordLatencies } from './latency.ts';

test('a percentile is at most 10 % above the true one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.2, max: 100_000, noNaN: true }), { minLength: 1 }),
      fc.constantFrom(50, 90, 99, 100),
      (durations, percent) => {
        const recorder = recordLatencies();
        for (const ms of durations) recorder.record(ms);
        const sorted = [...durations].sort((a, b) => a - b);
        const exact = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
        const found = percentile(recorder.read(), percent) ?? 0;
        assert.ok(found >= exact * 0.999 && found <= exact * 1.101, `${found} for ${exact}`);
      },
    ),
  );
});

test('nothing measured has no percentile', () => {
  assert.equal(percentile(recordLatencies().read(), 50), undefined);
});

test('two readings subtract, and a restart in between starts anew', () => {
  const recorder = recordLatencies();
  for (let n = 0; n < 10; n++) recorder.record(1);
  const before = recorder.read();
  for (let n = 0; n < 10; n++) recorder.record(100);
  const added = latenciesSince(recorder.read(), before);
  assert.equal(
    added.reduce((sum, [, count]) => sum + count, 0),
    10,
  );
  assert.ok((percentile(added, 1) ?? 0) > 90);
  const fresh = recordLatencies();
  fresh.record(5);
  assert.deepEqual(latenciesSince(fresh.read(), before), fresh.read());
});

test('times that make no sense are counted, not lost', () => {
  const recorder = recordLatencies();
  for (const ms of [-1, 0, Number.NaN, 1e12]) recorder.record(ms);
  assert.equal(
    recorder.read().reduce((sum, [, count]) => sum + count, 0),
    4,
  );
});
