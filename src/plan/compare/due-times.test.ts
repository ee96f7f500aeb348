import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueTimes } from './due-times.ts';

const now = Date.parse('2026-11-23T12:10:00Z');

function texts(
  schedule: Parameters<typeof dueTimes>[0],
  from = now,
  count = 3,
): readonly string[] | undefined {
  return dueTimes(schedule, from, count)?.map((at) => new Date(at).toISOString().slice(0, 19));
}

test('an interval goes on from its start, however long ago that was', () => {
  assert.deepEqual(texts({ iso: 'R/2024-01-01T00:07:00Z/PT30M' }), [
    '2026-11-23T12:37:00',
    '2026-11-23T13:07:00',
    '2026-11-23T13:37:00',
  ]);
  assert.deepEqual(texts({ iso: 'R/2027-01-01T00:00:00Z/P1M' }), [
    '2027-01-01T00:00:00',
    '2027-02-01T00:00:00',
    '2027-03-01T00:00:00',
  ]);
});

test('one without a start lies on whole periods; one that ends, ends', () => {
  assert.deepEqual(texts({ iso: 'R//PT45M' }), [
    '2026-11-23T12:45:00',
    '2026-11-23T13:30:00',
    '2026-11-23T14:15:00',
  ]);
  assert.deepEqual(texts({ iso: 'R3/2026-11-23T11:50:00Z/PT15M' }), ['2026-11-23T12:20:00']);
  assert.deepEqual(texts({ iso: 'R0/2026-11-23T12:50:00Z/PT15M' }), []);
});

test('days are what clocks show, hours are time that passes', () => {
  const before = Date.parse('2027-03-27T12:00:00Z');
  const zoned = (iso: string) => texts({ iso, timezone: 'Europe/London' }, before, 2);
  assert.deepEqual(zoned('R/2026-12-01T09:30:00Z/P1D'), ['2027-03-28T08:30:00', '2027-03-29T08:30:00']);
  assert.deepEqual(zoned('R/2026-12-01T09:30:00Z/PT24H'), ['2027-03-28T09:30:00', '2027-03-29T09:30:00']);
});

test('what cannot be understood is not', () => {
  const bad = [{ iso: 'R//P0D' }, { iso: 'often' }, { cron: '61 * * * *' }, { cron: '' }, {}];
  for (const schedule of [...bad, { iso: 'R//PT1H', timezone: 'Nowhere/At_All' }])
    assert.equal(texts(schedule), undefined, JSON.stringify(schedule));
});

test('property: an interval that a cron line can say is due when the line is', () => {
  const minutes = fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30);
  fc.assert(
    fc.property(minutes, fc.integer({ min: 0, max: 400 * 86_400_000 }), (every, later) => {
      const iso = dueTimes({ iso: `R/2026-01-01T00:00:00Z/PT${every}M` }, now + later, 20);
      assert.deepEqual(iso, dueTimes({ cron: `*/${every} * * * *` }, now + later, 20));
    }),
  );
});
