import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing.ts';
import { openChronos } from './testing.ts';

const far = '2030-01-01T00:00:00Z';

test('a job is taken with 204 and shown with every default', async (context) => {
  const chronos = await openChronos(context);
  const posted = await chronos.call('POST', '/iso8601', {
    name: 'sync',
    command: 'true',
    schedule: `R/${far}/PT30M`,
  });
  assert.equal(posted.status, 204);
  assert.equal(posted.text, '');
  assert.deepEqual(await chronos.job('sync'), {
    name: 'sync',
    command: 'true',
    shell: true,
    executor: '',
    executorFlags: '',
    taskInfoData: '',
    retries: 2,
    owner: '',
    ownerName: '',
    description: '',
    successCount: 0,
    errorCount: 0,
    lastSuccess: '',
    lastError: '',
    cpus: 0.1,
    disk: 256,
    mem: 128,
    disabled: false,
    softError: false,
    dataProcessingJobType: false,
    errorsSinceLastSuccess: 0,
    fetch: [],
    uris: [],
    environmentVariables: [],
    arguments: [],
    highPriority: false,
    runAsUser: '',
    concurrent: false,
    maxCompletionTime: 0,
    constraints: [],
    schedule: `R/${far}/PT30M`,
    scheduleTimeZone: '',
  });
});

test('what does not fit is refused in the words of Chronos', async (context) => {
  const chronos = await openChronos(context);
  const refused = async (path: string, body: unknown, status: number, message: RegExp): Promise<void> => {
    const answer = await chronos.call('POST', path, body);
    assert.equal(answer.status, status);
    const { message: said, status: name } = answer.json as { message: string; status: string };
    assert.match(said, message);
    assert.equal(name, status === 400 ? 'Bad Request' : 'Internal Server Error');
  };
  const job = { name: 'j', command: 'true', schedule: `R/${far}/PT30M` };
  await refused(
    '/iso8601',
    { ...job, schedule: 'R/PT30M' },
    400,
    /^Cannot parse schedule 'R\/PT30M' \(wtf bro\)$/,
  );
  await refused('/iso8601', { ...job, schedule: 'R/1969-01-01T00:00:00Z/PT30M' }, 400, /before epoch/);
  await refused('/iso8601', { ...job, name: 'a b' }, 400, /the job's name is invalid/);
  await refused('/iso8601', { ...job, uris: ['a'], fetch: [{ uri: 'b' }] }, 400, /both uri .* and fetch/);
  await refused('/iso8601', { ...job, uris: ['a'] }, 400, /not supported by the embedded Chronos/);
  await refused('/iso8601', { ...job, executor: 'mine' }, 400, /not supported by the embedded Chronos/);
  await refused('/iso8601', '{"name":', 400, /JsonParseException/);
  await refused('/iso8601', '[]', 400, /not a JSON object/);
  await refused('/dependency', { name: 'j', command: 'true', parents: [] }, 500, /parent does not exist/);
  await refused('/dependency', { name: 'j', command: 'true' }, 500, /parent does not exist/);
  assert.deepEqual((await chronos.call('GET', '/jobs')).json, []);
});

test('an unknown job is a bad request, for every call that names one', async (context) => {
  const chronos = await openChronos(context);
  for (const [method, path] of [
    ['GET', '/job/x'],
    ['GET', '/job/stat/x'],
    ['PUT', '/job/x'],
    ['DELETE', '/job/x'],
    ['DELETE', '/task/kill/x'],
  ] as const) {
    const answer = await chronos.call(method, path);
    assert.equal(answer.status, 400, `${method} ${path}`);
    assert.match((answer.json as { message: string }).message, /Job 'x' not found/);
  }
});

test('PUT of a job belongs to 2.x, and there epsilon and async are shown', async (context) => {
  const chronos = await openChronos(context);
  const job = { name: 'j', command: 'true', schedule: `R/${far}/PT30M`, epsilon: 'PT5M' };
  assert.equal((await chronos.call('PUT', '/iso8601', job)).status, 405);
  assert.equal((await chronos.call('PUT', '//scheduler/iso8601', job)).status, 204);
  const [old] = (await chronos.call('GET', '//scheduler/jobs')).json as Record<string, unknown>[];
  assert.equal(old?.['epsilon'], 'PT5M');
  assert.equal(old?.['async'], false);
  assert.ok(!('epsilon' in (await chronos.job('j'))));
});

test('search finds by name, command or any, and cuts', async (context) => {
  const chronos = await openChronos(context);
  for (const name of ['alpha', 'beta', 'gamma']) {
    await chronos.call('POST', '/iso8601', { name, command: `run ${name}`, schedule: `R/${far}/PT1H` });
  }
  const search = async (query: string): Promise<unknown> =>
    ((await chronos.call('GET', `/jobs/search?${query}`)).json as { name: string }[]).map((job) => job.name);
  assert.deepEqual(await search('name=ALPH'), ['alpha']);
  assert.deepEqual(await search('command=run%20b'), ['beta']);
  assert.deepEqual(await search('name=nobody&any=gamma'), ['gamma']);
  assert.deepEqual(await search('limit=2&offset=1'), ['beta', 'gamma']);
});

test('a submission is seen a little later than it is answered', async (context) => {
  const chronos = await openChronos(context, { lateMs: 150 });
  await chronos.call('POST', '/iso8601', { name: 'j', command: 'true', schedule: `R/${far}/PT1H` });
  assert.equal((await chronos.call('GET', '/job/j')).status, 400);
  assert.deepEqual((await chronos.call('GET', '/jobs')).json, []);
  await until('the job is seen', async () => (await chronos.call('GET', '/job/j')).status === 200);
});

test('leader, ping, summary and graphs', async (context) => {
  const chronos = await openChronos(context);
  await chronos.call('POST', '/iso8601', { name: 'a', command: 'true', schedule: `R/${far}/PT1H` });
  await chronos.call('POST', '/dependency', { name: 'b', command: 'true', parents: ['a'] });
  assert.equal((await chronos.call('GET', '//ping')).text, 'pong');
  assert.match(
    ((await chronos.call('GET', '/leader')).json as { leader: string }).leader,
    /^127\.0\.0\.1:\d+$/,
  );
  assert.deepEqual((await chronos.call('GET', '/jobs/summary')).json, {
    jobs: [
      { name: 'a', status: 'fresh', state: 'idle', schedule: `R/${far}/PT1H`, parents: [], disabled: false },
      { name: 'b', status: 'fresh', state: 'idle', schedule: '', parents: ['a'], disabled: false },
    ],
  });
  const csv = await chronos.call('GET', '/graph/csv');
  assert.equal(csv.text, 'node,a,fresh,idle\nnode,b,fresh,idle\nlink,a,b\n');
  assert.match(
    (await chronos.call('GET', '/graph/dot')).text,
    /^digraph G \{\n(.*\n)* {2}"a" -> "b";\n\}\n$/,
  );
});

test('deleting a job hands its schedule, or its parents, to its children', async (context) => {
  const chronos = await openChronos(context);
  await chronos.call('POST', '/iso8601', { name: 'a', command: 'true', schedule: `R/${far}/PT1H` });
  await chronos.call('POST', '/dependency', { name: 'b', command: 'true', parents: ['a'] });
  await chronos.call('POST', '/dependency', { name: 'c', command: 'true', parents: ['b'] });
  assert.equal((await chronos.call('DELETE', '/job/b')).status, 204);
  assert.deepEqual((await chronos.job('c'))['parents'], ['a']);
  assert.equal((await chronos.call('DELETE', '/job/a')).status, 204);
  const heir = await chronos.job('c');
  assert.equal(heir['schedule'], `R/${far}/PT1H`);
  assert.ok(!('parents' in heir));
});

test('a child of an unknown parent is taken, and dropped when Chronos starts again', async (context) => {
  const chronos = await openChronos(context);
  const child = { name: 'c', command: 'true', parents: ['nobody'] };
  assert.equal((await chronos.call('POST', '/dependency', child)).status, 204);
  assert.equal((await chronos.call('GET', '/job/c')).status, 200);
  await chronos.restart();
  assert.equal((await chronos.call('GET', '/job/c')).status, 400);
});
