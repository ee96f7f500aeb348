import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { testFeature } from '../../../test/suites/feature.ts';
import { crons } from './index.ts';
import { keys } from './keys.ts';

testFeature(crons, {
  off: { chronos: false, chronos_tasks: [{ name: 'a', schedule: 'R//PT1H', command: 'b' }] },
});

function contribute(given: Record<string, unknown>) {
  const values = z.strictObject(keys).parse(given);
  const place = (...path: readonly (string | number)[]) => ({ file: path.join('.'), line: 1, column: 1 });
  return crons.contribute({
    app: 'a',
    version: '1',
    environment: 'e',
    stage: 's',
    settings: undefined,
    values,
    place,
  });
}

test('the neutral form becomes what the platforms know', () => {
  const tasks = [
    { name: 'a', every: '90s', command: 'x' },
    { name: 'b', every: '24h', command: 'x', concurrent: true, retries: 0, cpu: 1, mem: 64 },
    { name: 'c', cron: '5 4 * * MON', timezone: 'Europe/London', command: 'x' },
  ];
  const { crons: found = [] } = contribute({ crons: tasks }) ?? {};
  assert.deepEqual(
    found.map(({ schedule }) => schedule),
    [{ iso: 'R//PT90S' }, { iso: 'R//PT24H' }, { cron: '5 4 * * MON', timezone: 'Europe/London' }],
  );
  assert.deepEqual(found[0], {
    kind: 'Cron',
    name: 'a',
    command: 'x',
    schedule: { iso: 'R//PT90S' },
    concurrent: false,
    retries: 2,
    resources: {},
  });
  assert.deepEqual(found[1]?.resources, { cpus: 1, memory: 64 });
  assert.deepEqual([found[1]?.concurrent, found[1]?.retries], [true, 0]);
});

test('two crons of one name are refused, a missing switch is told', () => {
  const task = { name: 'a', schedule: 'R//PT1H', command: 'x' };
  const both = contribute({
    chronos: true,
    chronos_tasks: [task],
    crons: [{ name: 'a', every: '1h', command: 'y' }],
  });
  assert.deepEqual(
    both?.notes?.map(({ id, severity, place }) => [id, severity, place?.file]),
    [['duplicate-name', 'error', 'crons.0.name']],
  );
  assert.deepEqual(
    contribute({ chronos_tasks: [task] })?.notes?.map(({ id }) => id),
    ['switch-missing'],
  );
  assert.equal(contribute({ chronos_tasks: [task] })?.crons?.length, 1);
});

test('schedules that nobody can run are refused', () => {
  const schema = z.strictObject(keys);
  const task = { name: 'a', command: 'x' };
  for (const bad of [
    { ...task },
    { ...task, every: '1h', cron: '* * * * *' },
    { ...task, every: '10ms' },
    { ...task, every: '0s' },
    { ...task, every: 'R//PT1H' },
    { ...task, cron: '* * * *' },
    { ...task, cron: '* * * * * *' },
    { ...task, cron: '60 * * * *' },
    { ...task, cron: '5-1 * * * *' },
    { ...task, cron: '*/0 * * * *' },
    { ...task, cron: '0 0 31 2 *' },
    { ...task, cron: '@daily' },
    { ...task, cron: '0 0 L * *' },
    { ...task, cron: '0 0 * * *', timezone: 'Mars/Olympus' },
    { ...task, every: '1h', command: '' },
  ]) {
    assert.equal(schema.safeParse({ crons: [bad] }).success, false, JSON.stringify(bad));
  }
  for (const bad of [
    'R//',
    'R//PT',
    'R//P',
    'R//PT0S',
    'PT30M',
    'R/tomorrow/PT1H',
    'R/1969-01-01T00:00:00Z/P1D',
    'Rx//P1D',
  ]) {
    assert.equal(schema.safeParse({ chronos_tasks: [{ ...task, schedule: bad }] }).success, false, bad);
  }
  for (const good of [
    'R//PT30M',
    'R5/2026-01-01T00:00:00Z/P1D',
    'R/2026-01-01T00:00:00.5+02:00/P1Y2M3W4DT5H6M7S',
    'R0//P1W',
  ]) {
    assert.equal(schema.safeParse({ chronos_tasks: [{ ...task, schedule: good }] }).success, true, good);
  }
});
