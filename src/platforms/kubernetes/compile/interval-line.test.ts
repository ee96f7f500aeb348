import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cron } from 'croner';
import { nextStart, readInterval } from '../../../model/interval.ts';
import { type CronLine, intervalLine } from './interval-line.ts';

const lineOf = (iso: string, timezone?: string): CronLine | undefined => {
  const interval = readInterval(iso, timezone);
  assert(interval, `${iso} is no interval`);
  return intervalLine(interval, timezone);
};

/** Minutes of days that tick every so many minutes, in one line of cron: found by trying all lines. */
const exact = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1_440];

test('1 to 1,440 minutes: every line that there is, ticks at every minute that is due and at no other', () => {
  for (let every = 1; every <= 1_440; every++) {
    for (const phase of [0, 7, 61, 754, 1_439]) {
      const start = new Date(Date.UTC(2026, 0, 1) + phase * 60_000).toISOString();
      const line = lineOf(`R/${start}/PT${every}M`);
      assert.equal(line !== undefined, exact.includes(every), `PT${every}M`);
      if (!line) continue;
      assert.equal(line.timeZone, 'Etc/UTC');
      const ticks = tickOf(line.schedule);
      for (let minute = 0; minute < 2_880; minute++) {
        const isDue = (((minute - phase) % every) + every) % every === 0;
        assert.equal(
          ticks(minute),
          isDue,
          `${line.schedule} for PT${every}M from ${phase}, minute ${minute}`,
        );
      }
    }
  }
});

/** Whether a line ticks at a minute of the day; days, months and weekdays are all of them. */
function tickOf(line: string): (minute: number) => boolean {
  const [minutes = '', hours = '', ...days] = line.split(' ');
  assert.deepEqual(days, ['*', '*', '*'], line);
  const [isMinute, isHour] = [matcher(minutes, 59), matcher(hours, 23)];
  return (minute) => isMinute(minute % 60) && isHour(Math.floor(minute / 60) % 24);
}

function matcher(field: string, last: number): (value: number) => boolean {
  const [, from = '', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(field) ?? assert.fail(field);
  const first = from === '*' ? 0 : Number(from);
  const end = to === undefined ? (from === '*' ? last : first) : Number(to);
  return (value) => value >= first && value <= end && (value - first) % Number(step ?? 1) === 0;
}

const lines: readonly (readonly [iso: string, timezone: string | undefined, line: string, zone: string])[] = [
  ['R//PT30M', undefined, '*/30 * * * *', 'Etc/UTC'],
  ['R//PT30M', 'Europe/Berlin', '*/30 * * * *', 'Europe/Berlin'],
  ['R//PT2H', 'Europe/Moscow', '0 */2 * * *', 'Europe/Moscow'],
  ['R//PT2H', 'Europe/Berlin', '0 */2 * * *', 'Etc/UTC'],
  // 09:30 in a winter of Berlin is 08:30: the hours between runs stay the same all the year.
  ['R/2026-01-01T09:30:00Z/PT12H', 'Europe/Berlin', '30 8-23/12 * * *', 'Etc/UTC'],
  ['R/2026-07-01T09:30:00Z/PT12H', 'Europe/Berlin', '30 7-23/12 * * *', 'Etc/UTC'],
  // Without a zone beside it, a start's own offset counts; with one, only what its clock shows.
  ['R/2026-01-01T09:30:00+02:00/P1D', undefined, '30 7 * * *', 'Etc/UTC'],
  ['R/2026-01-01T09:30:00+02:00/P1D', 'Asia/Tokyo', '30 9 * * *', 'Asia/Tokyo'],
  ['R/2026-01-01T00:10:00/PT1H', 'Asia/Kathmandu', '10 * * * *', 'Asia/Kathmandu'],
  ['R/2026-01-01T00:10:00/PT1H', 'Australia/Lord_Howe', '10 * * * *', 'Etc/UTC'],
  ['R//PT24H', undefined, '0 0 * * *', 'Etc/UTC'],
  ['R//P1D', 'Europe/Berlin', '0 0 * * *', 'Europe/Berlin'],
  ['R//P1W', undefined, '0 0 * * 1', 'Etc/UTC'],
  ['R/2026-01-04T06:00:00Z/P7D', undefined, '0 6 * * 0', 'Etc/UTC'],
  ['R//P1M', undefined, '0 0 1 * *', 'Etc/UTC'],
  ['R//P3M', undefined, '0 0 1 */3 *', 'Etc/UTC'],
  ['R/2026-02-28T23:45:00Z/P3M', undefined, '45 23 28 2-12/3 *', 'Etc/UTC'],
  ['R/2026-12-24T12:00:00Z/P1Y', undefined, '0 12 24 12 *', 'Etc/UTC'],
  ['R//PT3600S', undefined, '0 * * * *', 'Etc/UTC'],
];

for (const [iso, timezone, schedule, timeZone] of lines) {
  test(`${iso} in ${timezone ?? 'no zone'} is ${schedule} in ${timeZone}`, () => {
    assert.deepEqual(lineOf(iso, timezone), { schedule, timeZone });
  });
}

test('a line of the calendar ticks at every start of its interval, and at no other moment', () => {
  for (const [iso, timezone, schedule] of lines.filter(([text, zone]) => !text.includes('/PT') && !zone)) {
    const interval = readInterval(iso, timezone) ?? assert.fail(iso);
    const clock = new Cron(schedule, { timezone: 'UTC', paused: true });
    let at = Date.UTC(2026, 10, 23, 7, 5);
    for (let n = 0; n < 40; n++) {
      const next = clock.nextRun(new Date(at))?.getTime() ?? 0;
      const phase = interval.start ?? Date.UTC(1970, 0, iso.endsWith('P1W') ? 5 : 1);
      assert.equal(nextStart(phase, interval.period, at), next, `${iso} ${new Date(at).toISOString()}`);
      at = next;
    }
  }
});

test('hours in a zone whose clocks change are the same hours all the year', () => {
  const start = Date.UTC(2026, 0, 1, 8, 30);
  const line = lineOf('R/2026-01-01T09:30:00Z/PT12H', 'Europe/Berlin') ?? assert.fail();
  const clock = new Cron(line.schedule, { timezone: line.timeZone, paused: true, sloppyRanges: true });
  for (let at = start, n = 0; n < 800; n++) {
    const next = clock.nextRun(new Date(at))?.getTime() ?? 0;
    assert.equal(next - at, 12 * 3_600_000);
    at = next;
  }
});

const none: readonly (readonly [iso: string, timezone?: string])[] = [
  ['R//PT45M'],
  ['R//PT25M'],
  ['R//PT7H'],
  ['R//P2D'],
  ['R//P2W'],
  ['R//P1DT1H'],
  ['R//P5M'],
  ['R/2026-01-31T00:00:00Z/P1M'],
  ['R//PT90S'],
  ['R//PT1S'],
  ['R/2026-01-01T00:00:30Z/PT1M'],
  ['R5//PT30M'],
  ['R//PT30M', 'Nowhere/Land'],
  // Skipped in spring, and twice in autumn.
  ['R/2026-01-01T02:30:00Z/P1D', 'Europe/Berlin'],
  ['R/2026-01-01T01:30:00Z/P1D', 'America/Los_Angeles'],
];

for (const [iso, timezone] of none) {
  test(`${iso} in ${timezone ?? 'no zone'} is no line`, () => assert.equal(lineOf(iso, timezone), undefined));
}
