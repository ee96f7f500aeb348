import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alignedStart, formatInterval, nextStart, parseInterval } from '../../model/interval.ts';
import { isMovedOn } from './schedule.ts';
import { scheduleFromNow, scheduleToSend } from './schedule-to-send.ts';

const now = Date.parse('2026-11-23T06:41:07.123Z');
const parse = (text: string) => parseInterval(text) ?? assert.fail(`${text} is no interval`);

test('what can be parsed is written as it was', () => {
  for (const text of ['R//PT30M', 'R5/2026-01-01T00:00:00.000Z/P1Y2M3W4DT5H6M7S', 'R0//P1D'])
    assert.equal(formatInterval(parse(text)), text);
  for (const text of ['', 'R//P', 'R//PT', 'R/tomorrow/P1D', 'PT30M', 'R/2026-01-01T00:00:00Z', 'X//PT1M'])
    assert.equal(parseInterval(text), undefined, text);
});

test('a stored schedule that only moved on is the same one', () => {
  const moved = (wanted: string, live: string) => isMovedOn(parse(wanted), parse(live));
  assert(moved('R//PT30M', 'R/2026-11-23T06:41:07.123Z/PT30M'));
  assert(moved('R//PT60M', 'R/2026-11-23T06:41:07.123Z/PT1H'));
  assert(moved('R5/2026-01-01T00:00:00Z/P1D', 'R3/2026-01-03T00:00:00Z/P1D'));
  assert(moved('R/2026-01-31T00:00:00Z/P1M', 'R/2026-02-28T00:00:00Z/P1M'));
  assert(!moved('R//PT30M', 'R//PT20M'));
  assert(!moved('R5//PT30M', 'R6//PT30M'));
  assert(!moved('R//PT30M', 'R5//PT30M'));
  assert(!moved('R/2026-01-01T00:00:00Z/P1D', 'R/2026-01-02T01:00:00Z/P1D'));
  assert(!moved('R/2026-01-02T00:00:00Z/P1D', 'R/2026-01-01T00:00:00Z/P1D'));
});

test('property: the next start lies behind now, one period at most, and on a whole period', () => {
  const minutes = fc.integer({ min: 1, max: 2_000 });
  fc.assert(
    fc.property(
      minutes,
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 0, max: 1e12 }),
      (every, from, at) => {
        const { period } = parse(`R//PT${every}M`);
        const next = nextStart(from, period, at);
        if (from > at) return assert.equal(next, from);
        assert(next > at && next - at <= period.ms);
        assert.equal((next - from) % period.ms, 0);
      },
    ),
  );
});

test('without a start a schedule begins on whole periods of UTC', () => {
  const start = (text: string) => new Date(alignedStart(parse(text).period, now)).toISOString();
  assert.equal(start('R//PT30M'), '2026-11-23T07:00:00.000Z');
  assert.equal(start('R//P1D'), '2026-11-24T00:00:00.000Z');
  assert.equal(start('R//P1W'), '2026-11-30T00:00:00.000Z');
  assert.equal(start('R//P1M'), '2026-12-01T00:00:00.000Z');
});

test('a write keeps the phase of the live job; a new one never runs at once', () => {
  const live = { schedule: 'R/2026-11-23T06:47:11.000Z/PT30M' };
  assert.equal(scheduleToSend({ schedule: 'R//PT30M' }, live, now), live.schedule);
  assert.equal(scheduleToSend({ schedule: 'R//PT20M' }, live, now), 'R/2026-11-23T07:00:00.000Z/PT20M');
  assert.equal(scheduleToSend({ schedule: 'R//PT30M' }, undefined, now), 'R/2026-11-23T07:00:00.000Z/PT30M');
  const past = { schedule: 'R/2024-01-01T04:30:00.000Z/P1D', scheduleTimeZone: 'Europe/Berlin' };
  assert.equal(scheduleToSend(past, undefined, now), 'R/2026-11-24T04:30:00.000Z/P1D');
  // 06:41 UTC is 07:41 in Berlin, and Chronos takes the fields of a start for the clock there.
  const zoned = { schedule: 'R//PT1H', scheduleTimeZone: 'Europe/Berlin' };
  assert.equal(scheduleToSend(zoned, undefined, now), 'R/2026-11-23T08:00:00.000Z/PT1H');
});

test('a job that slept does not make up for what it missed', () => {
  assert.equal(
    scheduleFromNow({ schedule: 'R/2026-11-01T00:10:00.000Z/PT30M' }, now),
    'R/2026-11-23T07:10:00.000Z/PT30M',
  );
  assert.equal(scheduleFromNow({ parents: ['x'] }, now), undefined);
});
