import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cron } from 'croner';
import fc from 'fast-check';
import { agree } from './agree.ts';
import { parseCronLine } from './cron-line.ts';
import { disagreement } from './disagree.ts';
import { intervalRuns, parseInterval } from './interval.ts';

function agrees(iso: string, cron: string, timezone?: string): boolean {
  const [interval, fields] = [parseInterval(iso), parseCronLine(cron)];
  assert.ok(interval && fields, `${iso} ${cron}`);
  return agree(interval, fields, timezone);
}

test('pairs that say the same', () => {
  for (const [iso, cron, timezone] of [
    ['R//PT30M', '*/30 * * * *'],
    ['R//PT30M', '15,45 * * * *'],
    ['R//PT30M', '0/30 0/1 * * *'],
    ['R//PT1H', '30 0/1 * * *'],
    ['R//PT2H', '7 1/2 * * *'],
    ['R//PT24H', '0 3 * * *'],
    ['R//P1D', '0 3 * * *'],
    ['R//P1D', '0 3 * * *', 'Europe/London'],
    ['R//PT10M', '*/10 * * * *', 'Europe/London'],
    ['R//P1W', '0 3 * * MON'],
    ['R//P7D', '0 3 * * 7'],
    ['R//P1M', '0 3 28 * *'],
    ['R//P3M', '0 3 1 1,4,7,10 *'],
    ['R//P1Y', '0 3 1 JAN ?'],
    ['R/2026-01-01T03:00:00Z/P1D', '0 3 * * *'],
  ] as const) {
    assert.ok(agrees(iso, cron, timezone), `${iso} ${cron} ${timezone ?? ''}`);
  }
});

test('pairs that do not', () => {
  for (const [iso, cron, timezone] of [
    ['R//PT30M', '30 0/1 * * *'],
    ['R//PT45M', '*/45 * * * *'],
    ['R//PT5H', '0 */5 * * *'],
    ['R//P2D', '0 0 */2 * *'],
    ['R//P1D', '0 3 * * 1-5'],
    ['R//P1M', '0 3 29 * *'],
    ['R//PT24H', '0 3 * * *', 'Europe/London'],
    ['R5//PT30M', '*/30 * * * *'],
    ['R/2026-01-01T03:30:00Z/P1D', '0 3 * * *'],
    ['R/2026-01-01T03:00:30Z/P1D', '0 3 * * *'],
    ['R//PT30S', '* * * * *'],
    ['R//P1MT1H', '0 3 1 * *'],
  ] as const) {
    assert.ok(!agrees(iso, cron, timezone), `${iso} ${cron} ${timezone ?? ''}`);
  }
});

test('the next runs stand side by side', () => {
  assert.deepEqual(disagreement({ iso: 'R//PT30M', cron: '30 0/1 * * *' }), {
    iso: '00:00 00:30 01:00 …',
    cron: '00:30 01:30 02:30 …',
  });
  assert.deepEqual(disagreement({ iso: 'R//P1D', cron: '0 6 * * 1-5', timezone: 'America/New_York' }), {
    iso: 'Sun 4 Jan 19:00, Mon 5 Jan 19:00, Tue 6 Jan 19:00 …',
    cron: 'Mon 5 Jan 06:00, Tue 6 Jan 06:00, Wed 7 Jan 06:00 …',
  });
  assert.equal(
    disagreement({ iso: 'R1/2020-01-01T00:00:00Z/P1D', cron: '0 0 * * *' })?.iso,
    'no time any more',
  );
  assert.equal(disagreement({ iso: 'R//PT30M' }), undefined);
});

const field = (min: number, max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    fc.integer({ min, max }).map(String),
    fc.integer({ min: 1, max: Math.min(12, max) }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: Math.min(12, max) }))
      .map(([from, step]) => `${from}/${step}`),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(',')),
  );
const day = fc.oneof({ weight: 5, arbitrary: fc.constant('*') }, field(1, 28));
const line = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    day,
    fc.oneof({ weight: 5, arbitrary: fc.constant('*') }, field(1, 12)),
    fc.oneof({ weight: 5, arbitrary: fc.constant('*') }, field(0, 6)),
  )
  .map((fields) => fields.join(' '));
/** Lines as people write them, which agree with some period. */
const plainLine = fc
  .tuple(
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom('M * * * *', 'M 3 * * *', 'M 3 * * 1', '*/M * * * *', 'M 3 1 * *'),
  )
  .map(([minute, form]) => form.replace('M', String(form.startsWith('*') ? (minute % 12) + 1 : minute)));
const from = Date.UTC(2026, 0, 1);

/** All runs within a stretch, as the library counts them. */
function runsOf(cron: string, until: number): number[] {
  const schedule = new Cron(cron, { timezone: 'UTC', paused: true, sloppyRanges: true });
  const runs: number[] = [];
  for (let at = schedule.nextRun(new Date(from - 1)); at && at.getTime() < until; at = schedule.nextRun(at)) {
    runs.push(at.getTime());
    if (runs.length >= 400) break;
  }
  return runs;
}

test('agree says what a walk over the runs of both says', () => {
  const periods = fc.constantFrom(
    'PT1M',
    'PT5M',
    'PT7M',
    'PT12M',
    'PT30M',
    'PT1H',
    'PT2H',
    'PT5H',
    'PT12H',
    'P1D',
    'P2D',
    'P1W',
    'P1M',
    'P2M',
    'P1Y',
  );
  let both = 0;
  fc.assert(
    fc.property(fc.oneof(line, plainLine), periods, (cron, period) => {
      const [interval, fields] = [parseInterval(`R//${period}`), parseCronLine(cron)];
      if (!interval || !fields) return;
      const runs = runsOf(cron, Date.UTC(2029, 0, 1));
      const walked = intervalRuns(interval, runs[0] ?? 0, from, runs.length);
      // A long stretch of minutes is cut after 400 runs, which shows no weekday: look for one in the line itself.
      const cut =
        runs.length === 400 &&
        (fields.weekdays !== 'any' || fields.days !== 'any' || fields.months !== 'any');
      const same = !cut && walked.every((run, index) => run === runs[index]);
      assert.equal(agree(interval, fields), same, `${cron} ${period}`);
      both += same ? 1 : 0;
    }),
    {
      numRuns: 200,
      examples: [
        ['7 * * * *', 'PT1H'],
        ['*/12 * * * *', 'PT12M'],
      ],
    },
  );
  assert.ok(both >= 2, 'the walk finds no pair that agrees');
});

test('a cron line is read as the library reads it', () => {
  fc.assert(
    fc.property(line, (cron) => {
      const fields = parseCronLine(cron);
      assert.ok(fields, cron);
      const within = (values: readonly number[] | 'any', value: number) =>
        values === 'any' || values.includes(value);
      for (const run of runsOf(cron, Date.UTC(2028, 0, 1)).slice(0, 50)) {
        const date = new Date(run);
        assert.ok(
          within(fields.minutes, date.getUTCMinutes()) && within(fields.hours, date.getUTCHours()),
          cron,
        );
        assert.ok(within(fields.months, date.getUTCMonth() + 1), cron);
      }
    }),
    { numRuns: 100 },
  );
});
