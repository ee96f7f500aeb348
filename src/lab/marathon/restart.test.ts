import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { healthCheck, openMarathon, server } from './testing.ts';

test('apps, versions, groups and tasks are what they were when Marathon starts again', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', {
    id: '/a/b',
    cmd: 'exec sleep 1000',
    env: { A: '1' },
    instances: 2,
  });
  await marathon.deploy('PUT', '/v2/apps/a/b', { labels: { x: 'y' } });
  await marathon.deploy('PUT', '/v2/groups/empty/one', { apps: [] });
  const look = async (): Promise<readonly unknown[]> => [
    await marathon.app('/a/b'),
    (await marathon.call('GET', '/v2/apps/a/b/versions')).json,
    (await marathon.call('GET', '/v2/groups?embed=group.groups')).json,
  ];
  const before = await look();
  await marathon.restart();
  assert.deepEqual(await look(), before);
});

test('a deployment goes on after a restart, step by step, to its end', async (context) => {
  const marathon = await openMarathon(context);
  const back = {
    id: '/back',
    cmd: server('1'),
    healthChecks: [healthCheck('/health')],
  };
  const front = { id: '/front', cmd: 'exec sleep 1000', dependencies: ['/back'] };
  await marathon.call('PUT', '/v2/apps', [back, front]);
  const [before] = (await marathon.call('GET', '/v2/deployments')).json as {
    id: string;
    currentStep: number;
  }[];
  await marathon.restart();
  const [after] = (await marathon.call('GET', '/v2/deployments')).json as {
    id: string;
    currentStep: number;
  }[];
  assert.equal(after?.id, before?.id);
  await marathon.settled();
  assert.equal((await marathon.app('/back')).tasksHealthy, 1);
  assert.equal((await marathon.app('/front')).tasksRunning, 1);
});

test('a deletion goes on after a restart', async (context) => {
  const marathon = await openMarathon(context);
  const stubborn = `trap 'sleep 1; exit 0' TERM; while true; do sleep 0.05; done`;
  await marathon.deploy('POST', '/v2/apps', { id: '/x', cmd: stubborn, taskKillGracePeriodSeconds: 5 });
  await marathon.call('DELETE', '/v2/apps/x');
  await marathon.restart();
  assert.equal((await marathon.call('GET', '/v2/apps/x')).status, 404);
  await marathon.settled();
  assert.deepEqual(
    marathon.bench
      .agent()
      .tasks()
      .filter((task) => !['TASK_KILLED', 'TASK_FAILED', 'TASK_FINISHED'].includes(task.state)),
    [],
  );
});

test('a deployment that was written down and nothing more is carried out', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/x', cmd: 'exec sleep 1000' });
  const folder = join(marathon.bench.folder, 'marathon', 'apps');
  const before = join(marathon.bench.folder, 'before');
  cpSync(folder, before, { recursive: true });
  // As if the daemon had died right after it wrote the deployment down: the orchestrator never hears of it, and the
  // definition on disk is still the old one.
  context.mock.method(marathon.orchestrator(), 'put', () => undefined);
  await marathon.call('PUT', '/v2/apps/x', { cmd: 'exec sleep 1001' });
  await marathon.restart(() => cpSync(before, folder, { recursive: true }));
  await marathon.settled();
  const app = await marathon.app('/x');
  assert.equal(app['cmd'], 'exec sleep 1001');
  assert.deepEqual(
    app.tasks.map((task) => task.version),
    [app.version],
  );
});
