import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTerminal } from '../agent/agent.ts';
import { until } from '../testing.ts';
import { type ChronosBench, openChronos } from './testing.ts';

const minute = 60_000;

/** Waits until so many runs of a job have ended, and gives the job as it is then. */
async function afterRuns(
  chronos: ChronosBench,
  name: string,
  count: number,
): Promise<Record<string, unknown>> {
  await until(`${count} runs of ${name} have ended`, () => {
    const tasks = chronos.bench.agent().tasks({ owner: 'chronos:test', name });
    return tasks.length >= count && tasks.every((task) => isTerminal(task.state));
  });
  return chronos.job(name);
}

function post(chronos: ChronosBench, name: string, command: string, more: object = {}): Promise<unknown> {
  return chronos.call('POST', '/iso8601', { name, command, schedule: 'R//PT30M', ...more });
}

test('a job without a start runs at once, and its schedule moves on', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'j', 'exit 0');
  const job = await afterRuns(chronos, 'j', 1);
  assert.equal(job['schedule'], 'R/2026-06-01T12:29:59.000Z/PT30M');
  assert.equal(job['successCount'], 1);
  assert.equal(job['lastSuccess'], '2026-06-01T12:00:00.000Z');
  await chronos.clock.advance(30 * minute - 1000);
  assert.equal((await afterRuns(chronos, 'j', 2))['successCount'], 2);
});

test('R2 runs twice and is disabled; R0 never runs', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'two', 'exit 0', { schedule: 'R2//PT30M' });
  await post(chronos, 'none', 'exit 0', { schedule: 'R0//PT30M' });
  assert.equal((await afterRuns(chronos, 'two', 1))['disabled'], false);
  await chronos.clock.advance(30 * minute);
  const job = await afterRuns(chronos, 'two', 2);
  assert.equal(job['disabled'], true);
  assert.match(String(job['schedule']), /^R0\//);
  await chronos.clock.advance(300 * minute);
  assert.equal(chronos.bench.agent().tasks({ name: 'two' }).length, 2);
  assert.equal(chronos.bench.agent().tasks({ name: 'none' }).length, 0);
});

test('a job with neither schedule nor parents runs once', async (context) => {
  const chronos = await openChronos(context);
  await chronos.call('POST', '/iso8601', { name: 'once', command: 'exit 0' });
  assert.equal((await afterRuns(chronos, 'once', 1))['disabled'], true);
});

test('a failed run is tried again a minute later, as often as retries says, then counted once', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'bad', 'exit 3', { retries: 1, schedule: 'R1//PT24H' });
  assert.equal((await afterRuns(chronos, 'bad', 1))['errorCount'], 0);
  await chronos.clock.advance(minute - 1);
  assert.equal(chronos.bench.agent().tasks({ name: 'bad' }).length, 1);
  await chronos.clock.advance(1);
  const job = await afterRuns(chronos, 'bad', 2);
  assert.equal(job['errorCount'], 1);
  assert.equal(job['errorsSinceLastSuccess'], 1);
  assert.equal(job['lastError'], '2026-06-01T12:01:00.000Z');
  const ids = chronos.bench
    .agent()
    .tasks({ name: 'bad' })
    .map((task) => task.id);
  assert.deepEqual(ids, ['ct:1780315199000:0:bad:', 'ct:1780315260000:1:bad:']);
});

test('after a failure for good the next failures are not tried again until a success', async (context) => {
  const chronos = await openChronos(context);
  const lastError = '2026-06-01T00:00:00.000Z';
  await post(chronos, 'never', 'exit 3', { retries: 1, lastError });
  await post(chronos, 'before', 'exit 3', { retries: 1, lastError, lastSuccess: '2026-05-31T00:00:00.000Z' });
  await post(chronos, 'since', 'exit 3', { retries: 1, lastError, lastSuccess: '2026-06-01T01:00:00.000Z' });
  assert.equal((await afterRuns(chronos, 'never', 1))['errorCount'], 1);
  assert.equal((await afterRuns(chronos, 'before', 1))['errorCount'], 1);
  assert.equal((await afterRuns(chronos, 'since', 1))['errorCount'], 0);
});

test('a replace without counters resets them', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'j', 'exit 0');
  assert.equal((await afterRuns(chronos, 'j', 1))['successCount'], 1);
  await post(chronos, 'j', 'exit 0', { schedule: 'R/2030-01-01T00:00:00Z/PT30M' });
  assert.equal((await chronos.job('j'))['successCount'], 0);
});

test('a run that is due while the one before still runs is dropped, unless they may be concurrent', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'slow', 'exec sleep 600');
  await post(chronos, 'many', 'exec sleep 600', { concurrent: true });
  await chronos.clock.advance(30 * minute);
  assert.equal(chronos.bench.agent().tasks({ name: 'slow' }).length, 1);
  assert.equal(chronos.bench.agent().tasks({ name: 'many' }).length, 2);
  assert.match(String((await chronos.job('slow'))['schedule']), /^R\/2026-06-01T12:59:59/);
  const summary = (await chronos.call('GET', '/jobs/summary')).json as {
    jobs: { name: string; state: string }[];
  };
  assert.deepEqual(
    summary.jobs.map(({ name, state }) => `${name} ${state}`),
    ['slow 1 running', 'many 2 running'],
  );
});

test('killing a job changes no counter', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'slow', 'exec sleep 600');
  await until('it runs', () => chronos.bench.agent().tasks({ name: 'slow' })[0]?.state === 'TASK_RUNNING');
  assert.equal((await chronos.call('DELETE', '/task/kill/slow')).status, 204);
  const job = await afterRuns(chronos, 'slow', 1);
  assert.deepEqual([job['successCount'], job['errorCount'], job['lastError']], [0, 0, '']);
  assert.equal((await chronos.call('DELETE', '/task/kill/slow')).status, 204);
});

test('deleting a job kills its tasks', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'slow', 'exec sleep 600');
  await until('it runs', () => chronos.bench.agent().tasks({ name: 'slow' })[0]?.state === 'TASK_RUNNING');
  assert.equal((await chronos.call('DELETE', '/job/slow')).status, 204);
  await until(
    'it is killed',
    () => chronos.bench.agent().tasks({ name: 'slow' })[0]?.state === 'TASK_KILLED',
  );
  assert.equal((await chronos.call('GET', '/job/slow')).status, 400);
});

test('a run now gets its arguments without semicolons, in the environment of Chronos', async (context) => {
  const chronos = await openChronos(context);
  const environmentVariables = [
    { name: 'COLOUR', value: 'blue' },
    { name: 'HOST', value: 'elsewhere' },
  ];
  const more = { schedule: 'R/2030-01-01T00:00:00Z/PT1H', owner: 'me@bank', mem: 64, environmentVariables };
  await post(chronos, 'j', 'env; echo', more);
  const answer = await chronos.call('PUT', '/job/j?arguments=a%20;b');
  assert.equal(answer.status, 204);
  await afterRuns(chronos, 'j', 1);
  const [task] = chronos.bench.agent().tasks({ name: 'j' });
  const out = readFileSync(join(task?.sandbox ?? '', 'stdout'), 'utf8').split('\n');
  for (const line of [
    'a b',
    'COLOUR=blue',
    'HOST=127.0.0.1',
    'CHRONOS_JOB_OWNER=me@bank',
    'CHRONOS_JOB_NAME=j',
    'CHRONOS_JOB_RUN_ATTEMPT=0',
    'CHRONOS_JOB_RUN_TIME=1780315200000',
    'CHRONOS_RESOURCE_MEM=64.0',
    'mesos_task_id=ct:1780315200000:0:j:a b',
  ]) {
    assert.ok(out.includes(line), `${line} in ${out.join('\n')}`);
  }
});

test('a run now of a disabled job is dropped without a word', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'off', 'exit 0', { disabled: true });
  assert.equal((await chronos.call('PUT', '/job/off')).status, 204);
  assert.equal(chronos.bench.agent().tasks({ name: 'off' }).length, 0);
});

test('without a shell the arguments go to the command as they are', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'j', '/bin/echo', { shell: false, arguments: ['$HOME', 'a b'] });
  await afterRuns(chronos, 'j', 1);
  const [task] = chronos.bench.agent().tasks({ name: 'j' });
  assert.equal(readFileSync(join(task?.sandbox ?? '', 'stdout'), 'utf8'), '$HOME a b\n');
});

test('a child runs when all its parents have succeeded since it last ran', async (context) => {
  const chronos = await openChronos(context);
  const far = { schedule: 'R/2030-01-01T00:00:00Z/PT1H' };
  await post(chronos, 'a', 'exit 0', far);
  await post(chronos, 'b', 'exit 0', far);
  await chronos.call('POST', '/dependency', { name: 'c', command: 'exit 0', parents: ['a', 'b'] });
  const runs = (name: string): number => chronos.bench.agent().tasks({ name }).length;
  await chronos.call('PUT', '/job/a');
  await afterRuns(chronos, 'a', 1);
  assert.equal(runs('c'), 0);
  await chronos.call('PUT', '/job/b');
  await afterRuns(chronos, 'c', 1);
  await chronos.call('PUT', '/job/a');
  await afterRuns(chronos, 'a', 2);
  assert.equal(runs('c'), 1);
  const marked = await chronos.call('PUT', '/job/success/b');
  assert.deepEqual([marked.status, marked.text], [200, 'marked job b as successful: true']);
  await afterRuns(chronos, 'c', 2);
});

test('a failure starts the children only with softError', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'hard', 'exit 1', { retries: 0 });
  await post(chronos, 'soft', 'exit 1', {
    retries: 0,
    softError: true,
    schedule: 'R/2030-01-01T00:00:00Z/PT1H',
  });
  await chronos.call('POST', '/dependency', { name: 'afterhard', command: 'true', parents: ['hard'] });
  await chronos.call('POST', '/dependency', { name: 'aftersoft', command: 'true', parents: ['soft'] });
  await afterRuns(chronos, 'hard', 1);
  await chronos.call('PUT', '/job/soft');
  await afterRuns(chronos, 'aftersoft', 1);
  assert.equal(chronos.bench.agent().tasks({ name: 'afterhard' }).length, 0);
});

test('a run over its time is killed and counts as failed', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'slow', 'exec sleep 600', { retries: 0, maxCompletionTime: 90 });
  await until('it runs', () => chronos.bench.agent().tasks({ name: 'slow' })[0]?.state === 'TASK_RUNNING');
  await chronos.clock.advance(90_000);
  assert.equal((await afterRuns(chronos, 'slow', 1))['errorCount'], 1);
});

test('what ended while Chronos was away is counted when it comes back', async (context) => {
  const chronos = await openChronos(context);
  const gate = join(chronos.bench.root, 'gate');
  await post(chronos, 'good', `while [ ! -e ${gate} ]; do sleep 0.02; done`);
  await post(chronos, 'bad', `while [ ! -e ${gate} ]; do sleep 0.02; done; exit 7`, { retries: 0 });
  await until(
    'both run',
    () =>
      chronos.bench
        .agent()
        .tasks()
        .filter((task) => task.state === 'TASK_RUNNING').length === 2,
  );
  await chronos.restart(0, () => writeFileSync(gate, ''));
  assert.equal((await afterRuns(chronos, 'good', 1))['successCount'], 1);
  assert.equal((await afterRuns(chronos, 'bad', 1))['errorCount'], 1);
});

test('runs that were missed while Chronos was away become one', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'j', 'exit 0');
  await afterRuns(chronos, 'j', 1);
  await chronos.restart(200 * minute);
  const job = await afterRuns(chronos, 'j', 2);
  assert.equal(job['successCount'], 2);
  assert.equal(job['schedule'], 'R/2026-06-01T15:29:59.000Z/PT30M');
  assert.equal(chronos.bench.agent().tasks({ name: 'j' }).length, 2);
});

test('the statistics of a job tell how long it took', async (context) => {
  const chronos = await openChronos(context);
  await post(chronos, 'j', 'exit 0');
  await afterRuns(chronos, 'j', 1);
  const { histogram, taskStatHistory } = (await chronos.call('GET', '/job/stat/j')).json as {
    histogram: Record<string, number>;
    taskStatHistory: unknown[];
  };
  assert.equal(histogram['count'], 1);
  assert.equal(histogram['median'], histogram['mean']);
  assert.deepEqual(taskStatHistory, []);
});
