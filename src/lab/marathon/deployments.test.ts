import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing.ts';
import { type AppInfo, healthCheck, listen, type MarathonBench, openMarathon, server } from './testing.ts';

const web = {
  id: '/demo/web',
  cmd: server('v1'),
  cpus: 0.1,
  mem: 32,
  instances: 2,
  portDefinitions: [{ port: 0, name: 'http', protocol: 'tcp' }],
  healthChecks: [healthCheck('/health')],
  upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 0.5 },
  taskKillGracePeriodSeconds: 2,
};

/** Looks at an app again and again until its deployments are over. */
async function watch(marathon: MarathonBench, id: string): Promise<readonly AppInfo[]> {
  const seen: AppInfo[] = [];
  await until('the deployment ends', async () => {
    const app = await marathon.app(id);
    seen.push(app);
    return app.deployments.length === 0;
  });
  return seen;
}

test('a rolling upgrade never has fewer healthy tasks than asked for, nor more than allowed', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', web);
  const old = await marathon.app('/demo/web');
  assert.equal(old.tasksHealthy, 2);
  const put = await marathon.call('PUT', '/v2/apps//demo/web', { cmd: server('v2') });
  const { version } = put.json as { version: string };
  const seen = await watch(marathon, '/demo/web');
  assert.ok(seen.every((app) => app.tasksHealthy >= 2));
  assert.ok(seen.every((app) => app.tasks.length <= 3));
  assert.ok(
    seen.some((app) => new Set(app.tasks.map((task) => task.version)).size === 2),
    'both versions side by side',
  );
  const after = await marathon.app('/demo/web');
  assert.deepEqual(
    after.tasks.map((task) => [task.state, task.version, task.healthCheckResults[0]?.alive]),
    [
      ['TASK_RUNNING', version, true],
      ['TASK_RUNNING', version, true],
    ],
  );
  for (const task of after.tasks) {
    assert.equal(await (await fetch(`http://127.0.0.1:${task.ports[0]}/`)).text(), 'v2');
  }
});

/** Begins a deployment that can never end: its health check answers 500. */
async function deployBroken(marathon: MarathonBench): Promise<string> {
  const put = await marathon.call('PUT', '/v2/apps//demo/web', {
    healthChecks: [healthCheck('/bad', { gracePeriodSeconds: 0, maxConsecutiveFailures: 0 })],
  });
  assert.equal(put.status, 200);
  await until(
    'a new task is seen to be unhealthy',
    async () => (await marathon.app('/demo/web')).tasksUnhealthy === 1,
  );
  return (put.json as { deploymentId: string }).deploymentId;
}

test('a deployment that is cancelled is reverted by a new one that restarts everything', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', web);
  const before = await marathon.app('/demo/web');
  const broken = await deployBroken(marathon);
  const brokenVersion = (await marathon.app('/demo/web')).version;
  const cancel = await marathon.call('DELETE', `/v2/deployments/${broken}`);
  assert.equal(cancel.status, 200);
  const { version, deploymentId } = cancel.json as { version: string; deploymentId: string };
  assert.notEqual(deploymentId, broken);
  assert.ok(version < brokenVersion, 'the version of a revert is older than the cancelled one');
  const [running] = (await marathon.call('GET', '/v2/deployments')).json as { id: string; steps: unknown }[];
  assert.equal(running?.id, deploymentId);
  assert.deepEqual(running?.steps, [{ actions: [{ action: 'RestartApplication', app: '/demo/web' }] }]);
  await marathon.settled();
  const after = await marathon.app('/demo/web');
  assert.deepEqual(after['healthChecks'], before['healthChecks']);
  assert.equal(after.tasksHealthy, 2);
  assert.ok(after.tasks.every((task) => task.version === version));
});

test('a deployment that is cancelled by force ends as it stands', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', web);
  const before = await marathon.app('/demo/web');
  const broken = await deployBroken(marathon);
  const cancel = await marathon.call('DELETE', `/v2/deployments/${broken}?force=true`);
  assert.deepEqual([cancel.status, cancel.text], [202, '']);
  assert.equal((await marathon.call('GET', '/v2/deployments')).text, '[]');
  const after = await marathon.app('/demo/web');
  assert.notEqual(after.version, before.version);
  assert.equal(after.tasksHealthy, 2);
  assert.deepEqual(
    [...new Set(after.tasks.map((task) => task.version))].sort(),
    [before.version, after.version].sort(),
  );
});

test('reverting the deployment of a new app takes the app away', async (context) => {
  const marathon = await openMarathon(context);
  const posted = await marathon.call('POST', '/v2/apps', {
    ...web,
    healthChecks: [healthCheck('/bad', { maxConsecutiveFailures: 0 })],
  });
  const [{ id } = { id: '' }] = (posted.json as { deployments: { id: string }[] }).deployments;
  assert.equal((await marathon.call('DELETE', `/v2/deployments/${id}`)).status, 200);
  await marathon.settled();
  assert.equal((await marathon.call('GET', '/v2/apps/demo/web')).status, 404);
  assert.equal((await marathon.call('GET', '/v2/groups/demo')).status, 404);
});

test('a task that is killed for bad health says why', async (context) => {
  const marathon = await openMarathon(context);
  const checks = [healthCheck('/bad', { gracePeriodSeconds: 0, maxConsecutiveFailures: 1 })];
  await marathon.call('POST', '/v2/apps', { ...web, instances: 1, healthChecks: checks });
  const failure = await until('it is killed', async () => (await marathon.app('/demo/web')).lastTaskFailure);
  assert.equal(
    failure.message,
    'Task was killed since health check failed. Reason: 500 Internal Server Error',
  );
});

test('events come in CRLF frames and in the order in which things happen', async (context) => {
  const marathon = await openMarathon(context);
  const log = await listen(context, marathon.url());
  const one = { ...web, instances: 1 };
  await marathon.deploy('POST', '/v2/apps', one);
  await marathon.deploy('DELETE', '/v2/apps/demo/web');
  await until(
    'the last event has come',
    () => log.events.filter((event) => event.event === 'deployment_success').length === 2,
  );
  assert.ok(log.raw().startsWith('event: event_stream_attached\r\ndata: {"remoteAddress":"127.0.0.1",'));
  const told = log.events
    .map(({ event, data }) => (event === 'status_update_event' ? String(data['taskStatus']) : event))
    .filter((name) => name !== 'instance_changed_event');
  assert.deepEqual(told, [
    'event_stream_attached',
    'api_post_event',
    'group_change_success',
    'deployment_info',
    'add_health_check_event',
    'deployment_step_success',
    'deployment_info',
    'TASK_STARTING',
    'TASK_RUNNING',
    'health_status_changed_event',
    'instance_health_changed_event',
    'deployment_step_success',
    'deployment_success',
    'group_change_success',
    'deployment_info',
    'remove_health_check_event',
    'TASK_KILLING',
    'TASK_KILLED',
    'app_terminated_event',
    'deployment_step_success',
    'deployment_success',
  ]);
  for (const { event, data } of log.events) {
    assert.equal(data['eventType'], event);
    assert.match(String(data['timestamp']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  }
  const running = log.events.find(({ data }) => data['taskStatus'] === 'TASK_RUNNING')?.data ?? {};
  assert.deepEqual(Object.keys(running), [
    'slaveId',
    'taskId',
    'taskStatus',
    'message',
    'appId',
    'host',
    'ipAddresses',
    'ports',
    'version',
    'eventType',
    'timestamp',
  ]);
});

test('a stream can be limited to some types, and a locked attempt is told of', async (context) => {
  const marathon = await openMarathon(context);
  const log = await listen(
    context,
    marathon.url(),
    '?event_type=deployment_failed&event_type=group_change_failed',
  );
  await marathon.call('POST', '/v2/apps', {
    ...web,
    healthChecks: [healthCheck('/bad', { maxConsecutiveFailures: 0 })],
  });
  assert.equal((await marathon.call('PUT', '/v2/apps/demo/web', { cmd: server('v2') })).status, 409);
  await until('both are told', () => log.events.length === 2);
  assert.deepEqual(
    log.events.map(({ event }) => event),
    ['deployment_failed', 'group_change_failed'],
  );
});

test('a readiness check holds a replacement back until it says ready', async (context) => {
  const marathon = await openMarathon(context);
  const readinessChecks = [
    {
      name: 'ready',
      portName: 'http',
      path: '/bad',
      intervalSeconds: 2,
      timeoutSeconds: 1,
      preserveLastResponse: true,
    },
  ];
  await marathon.deploy('POST', '/v2/apps', { ...web, instances: 1 });
  await marathon.call('PUT', '/v2/apps/demo/web', { readinessChecks });
  const result = await until('the check has answered', async () => {
    const [running] = (await marathon.call('GET', '/v2/deployments')).json as Running[];
    const [found] = running?.currentActions[0]?.readinessCheckResults ?? [];
    return found?.lastResponse?.status === 500 ? found : undefined;
  });
  assert.deepEqual([result.name, result.ready], ['ready', false]);
});

interface Running {
  readonly currentActions: readonly {
    readonly readinessCheckResults: readonly {
      readonly name: string;
      readonly ready: boolean;
      readonly lastResponse?: { readonly status: number };
    }[];
  }[];
}

test('tasks of a deleted app end, although the deletion is cancelled by force', async (context) => {
  const marathon = await openMarathon(context);
  const stubborn = `trap 'sleep 0.3; exit 0' TERM; while true; do sleep 0.05; done`;
  await marathon.deploy('POST', '/v2/apps', { id: '/x', cmd: stubborn, instances: 2 });
  const { deploymentId } = (await marathon.call('DELETE', '/v2/apps/x')).json as { deploymentId: string };
  const ending = (await marathon.call('GET', '/v2/tasks')).json as { tasks: unknown[] };
  assert.equal(ending.tasks.length, 2);
  assert.equal((await marathon.call('DELETE', `/v2/deployments/${deploymentId}?force=true`)).status, 202);
  await until(
    'no task is left',
    async () => (await marathon.call('GET', '/v2/tasks')).text === '{"tasks":[]}',
  );
});
