import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../testing.ts';
import { openMarathon } from './testing.ts';

test('a task gets the environment of Marathon, and its own wins', async (context) => {
  const marathon = await openMarathon(context);
  const app = {
    id: '/demo/min',
    cpus: 0.1,
    mem: 32,
    cmd: 'env > env.txt.new; mv env.txt.new env.txt; exec sleep 1000',
    env: { FOO: 'bar', MARATHON_APP_RESOURCE_GPUS: 'mine' },
    labels: { 'haproxy-0.vhost': 'a.b', long: 'x'.repeat(600) },
    portDefinitions: [
      { port: 0, name: 'http' },
      { port: 12_345, name: 'my-admin' },
    ],
  };
  await marathon.deploy('POST', '/v2/apps', app);
  const [task] = (await marathon.app('/demo/min')).tasks;
  assert.ok(task);
  const { sandbox = '' } = marathon.bench.agent().task(task.id) ?? {};
  const read = () => {
    try {
      return readFileSync(join(sandbox, 'env.txt'), 'utf8').split('\n');
    } catch {
      return undefined;
    }
  };
  const env = await until('the task has written its environment', read);
  const [first, second] = task.ports;
  const version = (await marathon.app('/demo/min')).version;
  for (const line of [
    'MARATHON_APP_ID=/demo/min',
    `MARATHON_APP_VERSION=${version}`,
    'MARATHON_APP_RESOURCE_CPUS=0.1',
    'MARATHON_APP_RESOURCE_MEM=32.0',
    'MARATHON_APP_RESOURCE_GPUS=mine',
    'MARATHON_APP_LABELS=HAPROXY_0_VHOST',
    'MARATHON_APP_LABEL_HAPROXY_0_VHOST=a.b',
    'MARATHON_APP_ENFORCE_GROUP_ROLE=false',
    `MESOS_TASK_ID=${task.id}`,
    'HOST=127.0.0.1',
    `PORT=${first}`,
    `PORT0=${first}`,
    `PORT1=${second}`,
    `PORTS=${first},${second}`,
    'PORT_10000='.concat(String(first)),
    `PORT_12345=${second}`,
    `PORT_HTTP=${first}`,
    'FOO=bar',
  ]) {
    assert.ok(env.includes(line), `${line} in\n${env.join('\n')}`);
  }
});

test('killed tasks come back with the same instance; with scale they do not; with wipe as new ones', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', {
    id: '/k',
    cmd: 'exec sleep 1000',
    instances: 3,
    backoffSeconds: 0,
  });
  const [first, second] = (await marathon.app('/k')).tasks;
  assert.ok(first && second);
  const killed = await marathon.call('DELETE', `/v2/apps/k/tasks/${first.id}`);
  assert.equal((killed.json as { task: { id: string } }).task.id, first.id);
  const next = first.id.replace(/1$/, '2');
  const ids = async (): Promise<readonly string[]> =>
    (await marathon.app('/k')).tasks.filter((task) => task.state === 'TASK_RUNNING').map((task) => task.id);
  await until('it is back', async () => (await ids()).includes(next));
  await marathon.call('DELETE', `/v2/apps/k/tasks/${second.id}?wipe=true`);
  await until('another one is there', async () => {
    const present = await ids();
    return present.length === 3 && !present.some((id) => id.startsWith(second.id.replace(/\._app.*/, '')));
  });
  const scaled = await marathon.deploy('POST', '/v2/tasks/delete?scale=true', {
    ids: [next, 'k.instance-none._app.1'],
  });
  assert.ok((scaled.json as { deploymentId: string }).deploymentId);
  const after = await marathon.app('/k');
  assert.equal(after.instances, 2);
  assert.equal(after.tasks.length, 2);
  assert.ok(!after.tasks.some((task) => task.id === next));
});

test('a crash loop waits in the queue, and its delay can be ended', async (context) => {
  const marathon = await openMarathon(context);
  const app = { id: '/crash', cmd: 'exit 3', backoffSeconds: 600 };
  await marathon.call('POST', '/v2/apps', app);
  const queue = async () =>
    (
      (await marathon.call('GET', '/v2/queue')).json as {
        queue: { count: number; delay: { timeLeftSeconds: number; overdue: boolean } }[];
      }
    ).queue;
  const [queued] = await until('it waits', async () => {
    const found = await queue();
    return found[0]?.delay.overdue === false ? found : undefined;
  });
  assert.equal(queued?.count, 1);
  assert.ok((queued?.delay.timeLeftSeconds ?? 0) > 250);
  const before = await marathon.app('/crash');
  assert.match(before.lastTaskFailure?.message ?? '', /Command exited with status 3/);
  assert.deepEqual(
    before.tasks.map((task) => [task.state, task.ports]),
    [['TASK_FAILED', []]],
  );
  assert.equal((await marathon.call('DELETE', '/v2/queue//crash/delay')).status, 204);
  await until('it is tried again', async () => {
    const { lastTaskFailure } = await marathon.app('/crash');
    return lastTaskFailure?.taskId !== before.lastTaskFailure?.taskId;
  });
});
