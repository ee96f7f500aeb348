import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMarathon } from './testing.ts';

test('groups are made, read, replaced level by level, scaled and taken away', async (context) => {
  const marathon = await openMarathon(context);
  const app = (id: string) => ({ id, cmd: 'exec sleep 1000' });
  const made = await marathon.deploy('POST', '/v2/groups', {
    id: '/bank',
    apps: [app('account')],
    groups: [{ id: 'docs', apps: [app('store')], dependencies: ['/bank/account'] }],
  });
  assert.equal(made.status, 201);
  const group = (await marathon.call('GET', '/v2/groups/bank')).json as {
    apps: { id: string }[];
    groups: { apps: { id: string }[] }[];
  };
  assert.deepEqual(Object.keys(group), ['id', 'apps', 'pods', 'groups', 'dependencies', 'version']);
  assert.equal(group.apps[0]?.id, '/bank/account');
  assert.equal(group.groups[0]?.apps[0]?.id, '/bank/docs/store');
  const dry = await marathon.call('PUT', '/v2/groups/bank?dryRun=true', { apps: [app('other')] });
  assert.deepEqual(dry.json, {
    steps: [
      { actions: [{ action: 'StopApplication', app: '/bank/account' }] },
      { actions: [{ action: 'StartApplication', app: '/bank/other' }] },
      { actions: [{ action: 'ScaleApplication', app: '/bank/other' }] },
    ],
  });
  // A service port of 0 was replaced by a real one, which a dry run does not do.
  const same = await marathon.call('PUT', '/v2/groups/bank?dryRun=true', { apps: [app('account')] });
  assert.deepEqual(same.json, {
    steps: [{ actions: [{ action: 'RestartApplication', app: '/bank/account' }] }],
  });
  const [task] = (await marathon.app('/bank/account')).tasks;
  await marathon.deploy('PUT', '/v2/groups/bank', { apps: [app('account')] });
  assert.equal((await marathon.app('/bank/account')).tasks[0]?.id, task?.id);
  await marathon.deploy('PUT', '/v2/groups/bank', { scaleBy: 2 });
  assert.equal((await marathon.app('/bank/account')).tasksRunning, 2);
  const beyond = await marathon.call('PUT', '/v2/groups/bank', { scaleBy: 2 ** 31 });
  assert.equal(beyond.status, 422, beyond.text);
  await marathon.deploy('PUT', '/v2/groups/bank', { apps: [app('other')] });
  const ids = ((await marathon.call('GET', '/v2/apps')).json as { apps: { id: string }[] }).apps.map(
    (one) => one.id,
  );
  assert.deepEqual(ids.sort(), ['/bank/docs/store', '/bank/other']);
  await marathon.deploy('PUT', '/v2/groups/bank', { groups: [{ id: 'empty' }] });
  assert.equal((await marathon.call('GET', '/v2/apps/bank/docs/store')).status, 404);
  assert.equal((await marathon.call('GET', '/v2/groups/bank/docs')).status, 404);
  assert.equal((await marathon.call('GET', '/v2/groups/bank/empty')).status, 200);
  assert.equal((await marathon.app('/bank/other')).tasksRunning, 1);
  await marathon.deploy('DELETE', '/v2/groups/bank');
  assert.equal((await marathon.call('GET', '/v2/groups/bank')).status, 404);
  assert.equal((await marathon.call('GET', '/v2/apps')).text, '{"apps":[]}');
  assert.equal(
    marathon.bench
      .agent()
      .tasks()
      .every((task) => task.state === 'TASK_KILLED'),
    true,
  );
});
