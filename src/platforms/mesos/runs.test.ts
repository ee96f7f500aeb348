import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { must } from '../../../test/suites/platform/under-test.ts';
import { realHost } from '../../host/real.ts';
import { isFailure } from '../../model/failure.ts';
import { mesos } from './platform.ts';

const stamps = 'rehome app=hcn version=1.0.0 deployment=d1 fingerprint=f';
const jobs = [
  { name: 'HCN_SYNC', ownerName: 'hcn', description: stamps, schedule: 'R//PT30M', command: 'sync' },
  { name: 'by-hand', ownerName: 'hcn', schedule: 'R//PT1H', command: 'x' },
  { name: 'hcn-migrate-1', ownerName: 'hcn', description: `rehome once=migrate ${stamps.slice(7)}` },
  { name: 'OTHER', ownerName: 'account', schedule: 'R//PT1H', command: 'x' },
];

/** As a master tells it: seconds with fractions, and no status of a task that no agent has told of. */
const frameworks = [
  {
    tasks: [
      task('ct:5000:0:HCN_SYNC:', 'TASK_STAGING'),
      task('ct:4000:1:HCN_SYNC:', 'TASK_RUNNING', ['TASK_STARTING', 4.1], ['TASK_RUNNING', 4.2]),
      task('ct:4000:0:OTHER:', 'TASK_RUNNING', ['TASK_RUNNING', 4.2]),
    ],
    completed_tasks: [
      task('ct:4000:0:HCN_SYNC:', 'TASK_FAILED', ['TASK_RUNNING', 4.0015], ['TASK_FAILED', 4.05]),
      task('ct:1000:0:HCN_SYNC:', 'TASK_FINISHED', ['TASK_RUNNING', 1.5], ['TASK_FINISHED', 2.25]),
      task('ct:3000:0:by-hand:a b:c', 'TASK_KILLED', ['TASK_RUNNING', 3], ['TASK_KILLED', 3.5]),
      task('ct:2000:0:hcn-migrate-1:', 'TASK_FINISHED', ['TASK_RUNNING', 2], ['TASK_FINISHED', 3]),
      task('ct:2000:0:HCN_SYNC_2:', 'TASK_FINISHED', ['TASK_RUNNING', 2], ['TASK_FINISHED', 3]),
      task('hcn.instance-1._app.1', 'TASK_FINISHED', ['TASK_RUNNING', 2], ['TASK_FINISHED', 3]),
    ],
  },
];

function task(id: string, state: string, ...statuses: readonly (readonly [string, number])[]) {
  return { id, state, statuses: statuses.map(([name, timestamp]) => ({ state: name, timestamp })) };
}

async function homeAt(t: TestContext, withMesos: boolean) {
  const server = createServer(({ url = '' }, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(url.endsWith('/jobs') ? jobs : { frameworks, completed_frameworks: [] }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { marathon: url, chronos: url, ...(withMesos ? { mesos: url } : {}) };
  const context = { environment: 'test1', home: 'mesos', root: '/', reveal: () => '' };
  return mesos.connect(settings, {
    host: { ...realHost(), clock: { now: () => 9_000, sleep: async () => {} } },
    ...context,
  });
}

test('runs are the tasks of an app’s crons, and of nothing else', async (t) => {
  const home = await homeAt(t, true);
  const all = must(await home.runsSince('hcn', 0));
  assert.deepEqual(all, [
    { cron: 'HCN_SYNC', scheduledAt: 1000, startedAt: 1500, endedAt: 2250, ok: true },
    { cron: 'by-hand', scheduledAt: 3000, startedAt: 3000, endedAt: 3500, ok: false },
    { cron: 'HCN_SYNC', scheduledAt: 4000, startedAt: 4002, endedAt: 4050, ok: false },
    { cron: 'HCN_SYNC', scheduledAt: 4000, startedAt: 4100 },
    { cron: 'HCN_SYNC', scheduledAt: 5000, startedAt: 9000 },
  ]);
  assert.deepEqual(
    must(await home.runsSince('hcn', 4002)).map(({ startedAt }) => startedAt),
    [4002, 4100, 9000],
  );
});

test('without the address of Mesos nobody knows, unless there are no crons', async (t) => {
  const home = await homeAt(t, false);
  const unknown = await home.runsSince('hcn', 0);
  assert.ok(isFailure(unknown) && unknown.code === 'unsupported');
  assert.match(unknown.hint ?? '', /add mesos: URL/);
  assert.deepEqual(await home.runsSince('nobody', 0), []);
});
