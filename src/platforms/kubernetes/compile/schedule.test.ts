import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchedule, readSchedule } from './schedule.ts';

test('the spelling of the platform wins, as it stands', () => {
  const both = { iso: 'R//PT30M', cron: '30 0/1 * * *' };
  assert.deepEqual(compileSchedule(both, {}), { line: { schedule: '30 0/1 * * *', timeZone: 'Etc/UTC' } });
  const zoned = { cron: '15 4 * * MON', timezone: 'Europe/Moscow' };
  assert.deepEqual(compileSchedule(zoned, {}), {
    line: { schedule: '15 4 * * MON', timeZone: 'Europe/Moscow' },
  });
});

test('what no line says is refused, with both ways side by side', () => {
  const whyOf = (iso: string) => {
    const compiled = compileSchedule({ iso }, {});
    assert(!compiled.line);
    return compiled.why;
  };
  assert.equal(
    whyOf('R//PT45M'),
    'No cron line ticks when R//PT45M does. It runs at 00:00 00:45 01:30 02:15; the nearest line, */45 * * * *, at 00:00 00:45 01:00 01:45.',
  );
  assert.equal(
    whyOf('R//PT7H'),
    'No cron line ticks when R//PT7H does. It runs at … 01-01T14:00 01-01T21:00 01-02T04:00 01-02T11:00; the nearest line, 0 */7 * * *, at … 01-01T14:00 01-01T21:00 01-02T00:00 01-02T07:00.',
  );
  assert.match(whyOf('R//P2D'), /It runs at 01-01T00:00 01-03T00:00 01-05T00:00 01-07T00:00\.$/);
  assert.match(whyOf('R//PT90S'), /It runs at 00:00:00 00:01:30 00:03:00 00:04:30\.$/);
  assert.match(whyOf('R5//PT30M'), /ends after 5 runs; a CronJob never ends by itself/);
  assert.match(whyOf('R//PT0S'), /is no repeating interval/);
  assert.match(whyOf('hourly'), /is no repeating interval/);
});

test('a home may count intervals from when a cron was armed', () => {
  const every = { intervals: 'every' } as const;
  const lineOf = (iso: string) => compileSchedule({ iso }, every).line?.schedule;
  assert.equal(lineOf('R//PT45M'), '@every 45m');
  assert.equal(lineOf('R//PT61S'), '@every 1m1s');
  // A second run in one minute never starts.
  assert.equal(lineOf('R//PT59S'), undefined);
  assert.equal(lineOf('R//P2DT1H30M5S'), '@every 49h30m5s');
  assert.equal(lineOf('R//PT30M'), '*/30 * * * *', 'a clock is better');
  for (const iso of ['R//P5M', 'R//PT0.5S', 'R3//PT45M']) assert.equal(lineOf(iso), undefined, iso);
});

test('a home may have what is too often once a minute, and is told so', () => {
  const compiled = compileSchedule({ iso: 'R//PT5S' }, { intervals: 'slowed' });
  assert.deepEqual(compiled, { line: { schedule: '* * * * *', timeZone: 'Etc/UTC' }, slowed: true });
  assert.equal(compileSchedule({ iso: 'R//PT45M' }, { intervals: 'slowed' }).line?.schedule, '@every 45m');
  assert.equal(compileSchedule({ iso: 'R3//PT5S' }, { intervals: 'slowed' }).line, undefined);
});

test('a time zone has the name that every cluster knows, or is refused', () => {
  const zoneOf = (timezone: string) => compileSchedule({ cron: '0 9 * * *', timezone }, {}).line?.timeZone;
  assert.equal(zoneOf('europe/moscow'), 'Europe/Moscow');
  assert.equal(zoneOf('Etc/UTC'), 'Etc/UTC');
  for (const timezone of ['+03:00', 'Local', 'Europe/Nowhere']) assert.equal(zoneOf(timezone), undefined);
});

test('schedules of others are read', () => {
  assert.deepEqual(readSchedule('@every 1h30m', 'Etc/UTC'), { iso: 'R//PT1H30M' });
  assert.deepEqual(readSchedule('@every 45s', undefined), { iso: 'R//PT45S' });
  assert.deepEqual(readSchedule('@hourly', undefined), { cron: '0 * * * *' });
  assert.deepEqual(readSchedule('CRON_TZ=Europe/Berlin 0 8 * * *', undefined), {
    cron: '0 8 * * *',
    timezone: 'Europe/Berlin',
  });
  assert.deepEqual(readSchedule('*/5 * * * *', 'Asia/Tokyo'), {
    cron: '*/5 * * * *',
    timezone: 'Asia/Tokyo',
  });
});
