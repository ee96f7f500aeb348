import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addPeriod, parsePeriod } from './period.ts';
import { afterRun, formatSchedule, parseSchedule } from './schedule.ts';
import { javaZone, toInstant, toLocal } from './zone.ts';

const at = (text: string): number => Date.parse(text);
const now = at('2026-06-01T12:00:00Z');

function scheduleOf(text: string, zone = '') {
  const schedule = parseSchedule(text, zone, now);
  assert.ok(schedule, text);
  return schedule;
}

test('R without a number repeats for ever, with one as often as it says', () => {
  assert.equal(scheduleOf('R/2026-01-01T00:00:00Z/PT30M').repeat, undefined);
  assert.equal(scheduleOf('R5/2026-01-01T00:00:00Z/PT30M').repeat, 5);
  assert.equal(scheduleOf('R0//PT30M').repeat, 0);
});

test('an empty start was a second ago', () => {
  assert.equal(scheduleOf('R//PT30M').start, now - 1000);
});

test('starts are read with and without times of day and offsets', () => {
  for (const [text, instant] of [
    ['2026-01-02', '2026-01-02T00:00:00Z'],
    ['2026-01-02T03:04', '2026-01-02T03:04:00Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05Z'],
    ['2026-01-02T03:04:05-0330', '2026-01-02T06:34:05Z'],
  ] as const) {
    assert.equal(scheduleOf(`R/${text}/P1D`).start, at(instant), text);
  }
});

test('what Chronos does not understand is not understood', () => {
  const bad = [
    '',
    'R/PT30M',
    'X//PT30M',
    'R//30M',
    'R//P',
    'R//PT',
    'R//PT0S',
    'R-1//PT1S',
    'R/tomorrow/PT1S',
  ];
  const badTimes = ['2026-13-01', '2026-02-30', '2026-01-01T25:00:00Z', '2026-01-01T00:61Z'];
  for (const text of [...bad, ...badTimes.map((time) => `R/${time}/PT1H`)]) {
    assert.equal(parseSchedule(text, '', now), undefined, text);
  }
});

test('a time zone keeps the fields of the clock and swaps the zone', () => {
  const berlin = scheduleOf('R/2026-07-01T08:00:00Z/P1D', 'Europe/Berlin');
  assert.equal(berlin.start, at('2026-07-01T06:00:00Z'));
  assert.equal(formatSchedule(berlin), 'R/2026-07-01T08:00:00.000+02:00/P1D');
  assert.equal(scheduleOf('R/2026-07-01T08:00:00Z/P1D', 'PST').start, at('2026-07-01T15:00:00Z'));
  assert.equal(scheduleOf('R/2026-07-01T08:00:00Z/P1D', 'GMT+3').start, at('2026-07-01T05:00:00Z'));
  assert.equal(scheduleOf('R/2026-07-01T08:00:00Z/P1D', 'Nowhere/Atall').start, at('2026-07-01T08:00:00Z'));
});

test('days keep the clock on the wall over a change of the clocks, hours do not', () => {
  const before = at('2026-03-28T08:00:00+01:00');
  const day = parsePeriod('P1D');
  const hours = parsePeriod('PT24H');
  assert.ok(day && hours);
  assert.equal(addPeriod(before, day, 'Europe/Berlin'), at('2026-03-29T08:00:00+02:00'));
  assert.equal(addPeriod(before, hours, 'Europe/Berlin'), at('2026-03-29T09:00:00+02:00'));
  const inTheGap = at('2026-03-28T02:30:00+01:00');
  assert.equal(addPeriod(inTheGap, day, 'Europe/Berlin'), at('2026-03-29T03:30:00+02:00'));
});

test('a 31st becomes the last day of a shorter month', () => {
  const month = parsePeriod('P1M');
  assert.ok(month);
  assert.equal(addPeriod(at('2026-01-31T10:00:00Z'), month, 'UTC'), at('2026-02-28T10:00:00Z'));
});

test('after a run the start is the next time ahead and a run less is left', () => {
  const due = scheduleOf('R3/2026-06-01T11:00:00Z/PT30M');
  const next = afterRun(due, now);
  assert.equal(formatSchedule(next), 'R2/2026-06-01T12:30:00.000Z/PT30M');
  const once = afterRun(scheduleOf('R1//PT24H'), now);
  assert.equal(formatSchedule(once), 'R0/2026-06-02T11:59:59.000Z/PT24H');
});

const periods = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }).map((seconds) => `PT${seconds}S`),
  fc.integer({ min: 1, max: 5_000 }).map((minutes) => `PT${minutes}M`),
  fc.integer({ min: 1, max: 40 }).map((days) => `P${days}D`),
  fc.integer({ min: 1, max: 9 }).map((weeks) => `P${weeks}W`),
  fc.integer({ min: 1, max: 30 }).map((months) => `P${months}M`),
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 30 })).map(([d, h]) => `P${d}DT${h}H`),
);
const instants = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
);

test('the next time lies ahead, the one before it does not, and stepping gives the same', () => {
  fc.assert(
    fc.property(
      periods,
      instants,
      zones,
      fc.integer({ min: 0, max: 400 }),
      (periodText, start, zone, turns) => {
        const period = parsePeriod(periodText);
        assert.ok(period);
        const schedule = { repeat: undefined, start, period, periodText, zone };
        const late = start + turns * 3_600_000;
        const next = afterRun(schedule, late).start;
        assert.ok(next > late);
        let stepped = addPeriod(start, period, zone);
        while (stepped <= late) stepped = addPeriod(stepped, period, zone);
        // A leap over the gap of a changed clock may differ from steps that stop in it, by that hour at most.
        assert.ok(Math.abs(next - stepped) <= 3_600_000);
        if (zone === 'UTC') assert.equal(next, stepped);
      },
    ),
    { numRuns: 300 },
  );
});

test('n runs leave n fewer, whenever they happen', () => {
  fc.assert(
    fc.property(
      periods,
      instants,
      fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { maxLength: 8 }),
      (text, start, delays) => {
        let schedule = parseSchedule(`R9/${new Date(start).toISOString()}/${text}`, '', start);
        assert.ok(schedule);
        let time = start;
        for (const delay of delays) {
          time = Math.max(time, schedule.start) + delay;
          schedule = afterRun(schedule, time);
          assert.ok(schedule.start > time);
        }
        assert.equal(schedule.repeat, 9 - delays.length);
      },
    ),
  );
});

test('what is written is read back as the same', () => {
  fc.assert(
    fc.property(periods, instants, zones, (periodText, start, zone) => {
      const period = parsePeriod(periodText);
      assert.ok(period);
      const text = formatSchedule({ repeat: undefined, start, period, periodText, zone });
      const again = parseSchedule(text, '', now);
      assert.equal(again?.start, start);
    }),
  );
});

test('an instant has one time on the wall, and that one leads back', () => {
  fc.assert(
    fc.property(instants, zones, (instant, zone) => {
      const local = toLocal(instant, zone);
      const back = toInstant(local, zone);
      assert.deepEqual(toLocal(back, zone), local);
      // Only in an hour that occurs twice may it be the earlier one.
      assert.ok(back === instant || (instant > back && instant - back <= 3_600_000));
    }),
  );
});

test('every zone of this machine is known by its own name', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) assert.equal(javaZone(zone), zone);
});
