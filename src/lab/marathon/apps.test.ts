import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { healthCheck, openMarathon, server } from './testing.ts';

const minimal = {
  id: '/demo/min',
  cmd: 'env > env.txt; exec sleep 1000',
  cpus: 0.1,
  mem: 32,
  env: { FOO: 'bar' },
  labels: { HAPROXY_GROUP: 'external' },
};

/** Times, ids, addresses and ports differ from run to run. */
function comparable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/"ports":\[\d+\]/g, '"ports":[PORT]')
    .replace(/"slaveId":"[^"]+"/g, '"slaveId":"AGENT"')
    .replace('env > env.txt; exec sleep 1000', 'env > env.txt; sleep 1000');
}

/** Answers of a real Marathon 1.11 in the order of its transcript. */
function recorded(title: string): string {
  const text = readFileSync(new URL('../../../test/fixtures/marathon/01-basic.txt', import.meta.url), 'utf8');
  const block = text.split(/^### /m).find((one) => one.startsWith(`${title}\n`));
  return block?.trimEnd().split('\n').at(-1) ?? '';
}

test('a new app is answered with 201, itself, its deployment and where it is', async (context) => {
  const marathon = await openMarathon(context);
  const answer = await marathon.call('POST', '/v2/apps', minimal);
  assert.equal(answer.status, 201);
  assert.equal(comparable(answer.text), comparable(recorded('POST minimal app')));
  const { host } = new URL(marathon.url());
  assert.equal(answer.headers.get('location'), `http://${host}/demo/min`);
  assert.equal(answer.headers.get('x-marathon-leader'), `http://${host}`);
  const { deployments } = answer.json as { deployments: { id: string }[] };
  assert.equal(answer.headers.get('marathon-deployment-id'), deployments[0]?.id);
  const running = await marathon.call('GET', '/v2/deployments');
  if (running.text !== '[]')
    assert.equal(comparable(running.text), comparable(recorded('GET /v2/deployments')));
  await marathon.settled();
  const again = await marathon.call('POST', '/v2/apps', minimal);
  assert.deepEqual([again.status, again.text], [409, recorded('same again -> 409')]);
  assert.equal(
    comparable((await marathon.call('GET', '/v2/apps/demo/min')).text),
    comparable(recorded('GET app')),
  );
  const all = await marathon.call('GET', '/v2/apps?embed=apps.tasks');
  assert.equal(comparable(all.text), comparable(recorded('GET apps?embed=apps.tasks')));
  const tasks = await marathon.call('GET', '/v2/tasks');
  assert.equal(comparable(tasks.text), comparable(recorded('GET tasks')));
});

test('an app with all its parts is answered as the real one answers', async (context) => {
  const marathon = await openMarathon(context);
  const text = readFileSync(new URL('../../../test/fixtures/marathon/03-web.txt', import.meta.url), 'utf8');
  const [, body = '', answer] = /^### POST \/v2\/apps (.*)\n(.*)$/m.exec(text) ?? [];
  const posted = await marathon.call('POST', '/v2/apps', { ...JSON.parse(body), instances: 0 });
  assert.equal(posted.status, 201);
  assert.equal(comparable(posted.text).replace('"instances":0', '"instances":2'), comparable(answer ?? ''));
});

test('ping, info and leader', async (context) => {
  const marathon = await openMarathon(context);
  assert.equal((await marathon.call('GET', '/ping')).text, 'pong');
  const { host } = new URL(marathon.url());
  assert.deepEqual((await marathon.call('GET', '/v2/leader')).json, { leader: host });
  const info = (await marathon.call('GET', '/v2/info')).json as Record<string, unknown>;
  assert.equal(info['elected'], true);
  assert.equal(info['leader'], host);
});

test('a PUT merges top-level fields; partialUpdate=false takes the rest back; a service port stays', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { ...minimal, cmd: 'exec sleep 1000', env: { A: '1', B: '2' } });
  const { portDefinitions } = await marathon.app('/demo/min');
  const put = await marathon.deploy('PUT', '/v2/apps//demo/min', { env: { C: '3' } });
  const { version, deploymentId } = put.json as { version: string; deploymentId: string };
  assert.equal(put.headers.get('marathon-deployment-id'), deploymentId);
  const merged = await marathon.app('/demo/min');
  assert.equal(merged.version, version);
  assert.deepEqual([merged['env'], merged['cpus'], merged['labels']], [{ C: '3' }, 0.1, minimal.labels]);
  await marathon.deploy('PUT', '/v2/apps/demo/min?partialUpdate=false', { cmd: 'exec sleep 999' });
  const reset = await marathon.app('/demo/min');
  assert.deepEqual([reset['env'], reset['cpus'], reset['labels']], [undefined, 1, {}]);
  assert.deepEqual(reset['portDefinitions'], portDefinitions);
});

test('a PUT of what is there already makes no new version; one of a missing app makes it', async (context) => {
  const marathon = await openMarathon(context);
  const made = await marathon.deploy('PUT', '/v2/apps/new', { cmd: 'exec sleep 1000', cpus: 0 });
  assert.equal(made.status, 201);
  const before = await marathon.app('/new');
  const [task] = before.tasks;
  const same = await marathon.deploy('PUT', '/v2/apps/new', { cmd: 'exec sleep 1000' });
  assert.equal(same.status, 200);
  assert.notEqual((same.json as { version: string }).version, before.version);
  const after = await marathon.app('/new');
  assert.equal(after.version, before.version);
  assert.equal(after.tasks[0]?.id, task?.id);
  const versions = (await marathon.call('GET', '/v2/apps/new/versions')).json;
  assert.deepEqual(versions, { versions: [before.version] });
});

test('scaling keeps tasks and their versions, any other change restarts all', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/s', cmd: 'exec sleep 1000', instances: 2 });
  const one = await marathon.app('/s');
  await marathon.deploy('PATCH', '/v2/apps/s', { instances: 3 });
  const two = await marathon.app('/s');
  const kept = two.tasks.filter((task) => one.tasks.some((before) => before.id === task.id));
  assert.equal(kept.length, 2);
  assert.deepEqual(
    two.tasks.map((task) => task.version).sort(),
    [one.version, one.version, two.version].sort(),
  );
  const info = two['versionInfo'] as { lastScalingAt: string; lastConfigChangeAt: string };
  assert.deepEqual(info, { lastScalingAt: two.version, lastConfigChangeAt: one.version });
  await marathon.deploy('PUT', '/v2/apps/s', { labels: { a: 'b' } });
  const three = await marathon.app('/s');
  assert.ok(three.tasks.every((task) => task.version === three.version));
  await marathon.deploy('PUT', '/v2/apps/s', { instances: 0 });
  assert.deepEqual((await marathon.app('/s')).tasks, []);
});

test('a restart replaces every task by one of a new version', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/r', cmd: 'exec sleep 1000' });
  const before = await marathon.app('/r');
  await marathon.deploy('POST', '/v2/apps/r/restart');
  const after = await marathon.app('/r');
  assert.notEqual(after.version, before.version);
  assert.deepEqual(
    after.tasks.map((task) => task.version),
    [after.version],
  );
});

test('an earlier version comes back by its name', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/v', cmd: 'exec sleep 1000' });
  const first = await marathon.app('/v');
  await marathon.deploy('PUT', '/v2/apps/v', { cmd: 'exec sleep 1001' });
  const shown = await marathon.call('GET', `/v2/apps/v/versions/${first.version}`);
  assert.equal((shown.json as { cmd: string }).cmd, 'exec sleep 1000');
  await marathon.deploy('PUT', '/v2/apps/v', { version: first.version });
  assert.equal((await marathon.app('/v'))['cmd'], 'exec sleep 1000');
  const { versions } = (await marathon.call('GET', '/v2/apps/v/versions')).json as { versions: string[] };
  assert.equal(versions.length, 3);
});

test('a locked app is refused with 409 unless forced; its attempt stays among the versions', async (context) => {
  const marathon = await openMarathon(context);
  const app = {
    id: '/l',
    cmd: server('1'),
    healthChecks: [healthCheck('/bad', { maxConsecutiveFailures: 0 })],
  };
  const posted = await marathon.call('POST', '/v2/apps', app);
  const [{ id } = { id: '' }] = (posted.json as { deployments: { id: string }[] }).deployments;
  const locked = await marathon.call('PUT', '/v2/apps/l', { cmd: server('2') });
  assert.equal(locked.status, 409);
  assert.equal(locked.text, recorded('PUT while locked').replace(/"id":"[^"]+"/, `"id":"${id}"`));
  assert.equal((await marathon.app('/l'))['cmd'], server('1'));
  const { versions } = (await marathon.call('GET', '/v2/apps/l/versions')).json as { versions: string[] };
  assert.equal(versions.length, 2);
  const noChange = await marathon.call('PUT', '/v2/apps/l', { cmd: server('1') });
  assert.equal(noChange.status, 200);
  const forced = await marathon.call('PUT', '/v2/apps/l?force=true', { cmd: server('3'), healthChecks: [] });
  assert.equal(forced.status, 200);
  await marathon.settled();
  const after = await marathon.app('/l');
  assert.equal(after.tasksRunning, 1);
  assert.equal((await marathon.call('DELETE', '/v2/apps/l')).status, 200);
});

test('an array of apps is one deployment, in the order of their dependencies', async (context) => {
  const marathon = await openMarathon(context);
  const answer = await marathon.call('PUT', '/v2/apps', [
    { id: '/front', cmd: 'exec sleep 1000', dependencies: ['/back'] },
    { id: '/back', cmd: server('1'), healthChecks: [healthCheck('/health')] },
  ]);
  assert.equal(answer.status, 200);
  const [deployment] = (await marathon.call('GET', '/v2/deployments')).json as {
    steps: unknown;
    affectedApps: string[];
  }[];
  assert.deepEqual(deployment?.steps, [
    {
      actions: [
        { action: 'StartApplication', app: '/front' },
        { action: 'StartApplication', app: '/back' },
      ],
    },
    { actions: [{ action: 'ScaleApplication', app: '/back' }] },
    { actions: [{ action: 'ScaleApplication', app: '/front' }] },
  ]);
  assert.deepEqual((await marathon.app('/front')).tasks, []);
  await marathon.settled();
  assert.equal((await marathon.app('/front')).tasksRunning, 1);
  assert.equal((await marathon.app('/back')).tasksHealthy, 1);
});

test('filters by id, command and label', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('PUT', '/v2/apps', [
    { id: '/a/one', cmd: 'exec sleep 1000', instances: 0, labels: { 'rehome.app': 'one', tier: 'x' } },
    { id: '/a/two', cmd: 'exec tail', instances: 0, labels: { 'rehome.app': 'two' } },
  ]);
  const found = async (query: string): Promise<readonly string[]> => {
    const { apps } = (await marathon.call('GET', `/v2/apps?${query}`)).json as { apps: { id: string }[] };
    return apps.map((app) => app.id);
  };
  assert.deepEqual(await found('id=ONE'), ['/a/one']);
  assert.deepEqual(await found('cmd=tail'), ['/a/two']);
  const labels: readonly (readonly [string, readonly string[]])[] = [
    ['rehome.app==one', ['/a/one']],
    ['rehome.app!=one', ['/a/two']],
    ['tier', ['/a/one']],
    ['rehome.app in (one, two)', ['/a/one', '/a/two']],
    ['rehome.app notin (one)', ['/a/two']],
    ['rehome.app in (one, two), tier==x', ['/a/one']],
  ];
  for (const [label, ids] of labels) {
    assert.deepEqual(await found(`label=${encodeURIComponent(label)}`), ids, label);
  }
});
