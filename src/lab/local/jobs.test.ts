import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, until } from '../testing.ts';
import { dueTimes } from './due-times.ts';
import { openApi } from './testing.ts';

const jobs = '/v1/scopes/test1/jobs';
const crons = '/v1/scopes/test1/crons';

test('a job runs once under its id, however often it is sent', async (context) => {
  const api = await openApi(context);
  const out = join(api.bench.root, 'out');
  const body = { command: `echo "$WORD" >>${out}; echo done; echo bad >&2; exit 3`, env: { WORD: 'ran' } };
  assert.equal((await api.call('PUT', `${jobs}/migrate-1`, body)).status, 201);
  assert.equal((await api.call('PUT', `${jobs}/migrate-1`, body)).status, 200);
  const { body: job } = await api.call('GET', `${jobs}/migrate-1?wait=10000`);
  assert.deepEqual([job.state, job.exitCode, job.message], ['failed', 3, 'Command exited with status 3']);
  assert.deepEqual(job.log, ['done', 'bad']);
  assert.equal((await api.call('PUT', `${jobs}/migrate-1`, { command: 'true' })).body.state, 'failed');
  assert.equal(fs.readFileSync(out, 'utf8'), 'ran\n');
  const stored = fs.readdirSync(join(api.bench.folder, 'local', 'jobs'));
  assert.doesNotMatch(
    fs.readFileSync(join(api.bench.folder, 'local', 'jobs', stored[0] ?? ''), 'utf8'),
    /"ran"/,
  );
  assert.equal((await api.call('DELETE', `${jobs}/migrate-1`)).status, 204);
  assert.equal((await api.call('GET', `${jobs}/migrate-1`)).status, 404);
});

test('a job is killed on request and at its timeout, and cannot be forgotten before', async (context) => {
  const api = await openApi(context);
  await api.call('PUT', `${jobs}/a`, { command: 'sleep 60' });
  await api.call('PUT', `${jobs}/b`, { command: 'sleep 60', timeoutMs: 100 });
  assert.equal((await api.call('DELETE', `${jobs}/a`)).status, 409);
  await api.call('POST', `${jobs}/a/kill`);
  const a = (await api.call('GET', `${jobs}/a?wait=10000`)).body;
  const b = (await api.call('GET', `${jobs}/b?wait=10000`)).body;
  assert.deepEqual([a.state, a.timedOut, b.state, b.timedOut], ['killed', false, 'killed', true]);
});

test('a job that ended while the daemon was dead is known exactly, and runs on through it', async (context) => {
  const api = await openApi(context);
  const go = join(api.bench.root, 'go');
  const out = join(api.bench.root, 'out');
  const command = `echo x >>${out}; while [ ! -e ${go} ]; do sleep 0.02; done; exit 6`;
  await api.call('PUT', `${jobs}/a`, { command });
  await api.restart(); // at once: the launch may be cut off anywhere
  await until('it began', () => fs.existsSync(out));
  await api.restart();
  fs.writeFileSync(go, '');
  const { body } = await api.call('GET', `${jobs}/a?wait=10000`);
  assert.deepEqual([body.state, body.exitCode], ['failed', 6]);
  assert.equal(fs.readFileSync(out, 'utf8'), 'x\n', 'it began once');
});

test('arming makes up for nothing; an armed cron runs on time, once per due time', async (context) => {
  const api = await openApi(context);
  const out = join(api.bench.root, 'ticks');
  const cron = {
    command: `echo $REHOME_CRON_DUE >>${out}`,
    schedule: { iso: 'R/2020-01-01T00:00:00Z/PT1S' },
    armed: false,
  };
  const created = await api.call('PUT', `${crons}/tick`, cron);
  assert.deepEqual([created.status, created.body.cron.next], [201, null]);
  const second = (): number => Math.floor(Date.now() / 1_000);
  const made = second();
  await until('one is missed', () => second() > made);
  const before = Date.now();
  const armed = await api.call('PATCH', `${crons}/tick`, { armed: true });
  assert.ok(Date.parse(armed.body.next) > before, 'no missed run');
  const ticks = () => (fs.existsSync(out) ? fs.readFileSync(out, 'utf8').trim().split('\n') : []);
  await until('two ticks', () => ticks().length >= 2);
  await api.call('PATCH', `${crons}/tick`, { armed: false });
  const seen = ticks().map((due) => Date.parse(due));
  assert.ok((seen[0] ?? 0) > before);
  for (const [index, due] of seen.entries()) assert.equal(due - (seen[0] ?? 0), index * 1_000);
  const { body } = await api.call('GET', `${crons}/tick`);
  assert.deepEqual([body.armed, body.next], [false, null]);
  assert.equal(body.runs.length, seen.length);
  assert.equal((await api.call('DELETE', `${crons}/tick`)).status, 202);
  assert.equal((await api.call('GET', `${crons}/tick`)).status, 404);
});

test('a daemon that starts again loses no tick and doubles none', async (context) => {
  const api = await openApi(context);
  const out = join(api.bench.root, 'ticks');
  const ticks = () => (fs.existsSync(out) ? fs.readFileSync(out, 'utf8').trim().split('\n') : []);
  const schedule = { iso: 'R/2020-01-01T00:00:00Z/PT1S' };
  await api.call('PUT', `${crons}/tick`, { command: `echo $REHOME_CRON_DUE >>${out}`, schedule });
  for (let round = 0; round < 3; round++) {
    const before = ticks().length;
    const next = Date.parse((await api.call('GET', `${crons}/tick`)).body.next);
    await until('it is nearly due', () => Date.now() >= next - 10);
    await api.restart(); // it is due while nobody is there, or its launch is cut off
    await until('the tick', () => ticks().length > before);
  }
  const due = ticks().map((tick) => Date.parse(tick));
  assert.ok(due.length >= 3);
  assert.deepEqual(
    due.map((time) => time - (due[0] ?? 0)),
    due.map((_, index) => index * 1_000),
  );
});

test('a run does not start beside one that goes on; one by hand does not need arming', async (context) => {
  const api = await openApi(context);
  const schedule = { cron: '0 0 1 1 *' };
  await api.call('PUT', `${crons}/slow`, { command: 'sleep 60', schedule, armed: false });
  assert.equal((await api.call('POST', `${crons}/slow/runs`)).body.state, 'running');
  assert.equal((await api.call('POST', `${crons}/slow/runs`)).body.state, 'skipped');
  await api.call('PUT', `${crons}/slow`, { command: 'sleep 60', schedule, armed: false, concurrent: true });
  assert.equal((await api.call('POST', `${crons}/slow/runs`)).body.state, 'running');
  await api.call('DELETE', `${crons}/slow`);
  await until('its runs are killed', () =>
    api.bench
      .agent()
      .tasks({ owner: 'local-crons' })
      .every(({ state }) => state === 'TASK_KILLED'),
  );
});

test('a failed run is tried again as often as was said', async (context) => {
  const api = await openApi(context);
  const schedule = { cron: '0 0 1 1 *' };
  await api.call('PUT', `${crons}/bad`, { command: 'exit 2', schedule, retries: 2, retryDelayMs: 20 });
  await api.call('POST', `${crons}/bad/runs`);
  const runs = await until('three attempts', async () => {
    const { body } = await api.call('GET', `${crons}/bad`);
    return body.runs[2]?.state === 'failed' ? body.runs : undefined;
  });
  assert.deepEqual(
    runs.map(({ attempt, exitCode }: Record<string, number>) => [attempt, exitCode]),
    [
      [1, 2],
      [2, 2],
      [3, 2],
    ],
  );
  const { body } = await api.call('GET', `${crons}/bad/runs/${encodeURIComponent(runs[2].id)}`);
  assert.equal(body.message, 'Command exited with status 2');
});

test('a schedule that cannot be understood is refused', async (context) => {
  const api = await openApi(context);
  for (const schedule of [
    {},
    { iso: 'PT1M' },
    { cron: '61 * * * *' },
    { cron: '* * * * * *' },
    { iso: 'R//PT1M', timezone: 'Mars' },
  ]) {
    const refused = await api.call('PUT', `${crons}/x`, { command: 'true', schedule });
    assert.equal(refused.status, 400, JSON.stringify(schedule));
  }
});

test('due times: aligned without a start, limited by their count, by the clock of the zone', () => {
  const at = (text: string): number => Date.parse(text);
  const next = (schedule: Parameters<typeof dueTimes>[0], after: string) => {
    const due = must(dueTimes(schedule, at('2026-01-01T00:10:00Z')))(at(after));
    return due === undefined ? undefined : new Date(due).toISOString();
  };
  assert.equal(next({ iso: 'R//PT30M' }, '2026-05-05T10:10:00Z'), '2026-05-05T10:30:00.000Z');
  assert.equal(next({ iso: 'R//PT30M' }, '2026-05-05T10:30:00Z'), '2026-05-05T11:00:00.000Z');
  assert.equal(
    next({ iso: 'R//P1D', timezone: 'Europe/London' }, '2026-07-01T12:00:00Z'),
    '2026-07-01T23:00:00.000Z',
  );
  assert.equal(next({ iso: 'R//P1W' }, '2026-11-24T00:00:00Z'), '2026-11-30T00:00:00.000Z', 'a Monday');
  assert.equal(next({ iso: 'R2//PT30M' }, '2026-01-01T00:30:00Z'), '2026-01-01T01:00:00.000Z');
  assert.equal(next({ iso: 'R2//PT30M' }, '2026-01-01T01:00:00Z'), undefined);
  assert.equal(next({ iso: 'R0//PT30M' }, '2026-01-01T00:00:00Z'), undefined);
  assert.equal(
    next({ cron: '30 0/1 * * *', timezone: 'Europe/London' }, '2026-05-05T10:10:00Z'),
    '2026-05-05T10:30:00.000Z',
  );
});
