import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NativeObject } from '../../model/native.ts';
import { compile } from './compile.ts';
import { managed } from './managed.ts';
import { notes as explained } from './notes.ts';
import { read } from './read.ts';

const target = {
  environment: 'test1',
  home: 'mesos',
  settings: { marathon: 'http://m', chronos: 'http://c' },
};

/** As Marathon 1.11 shows an app that somebody made by hand. */
const web: NativeObject = {
  kind: 'marathon app',
  id: '/demo/web',
  body: {
    id: '/demo/web',
    backoffFactor: 1.15,
    backoffSeconds: 1,
    args: ['python', 'main.py', "it's"],
    constraints: [['hostname', 'UNIQUE']],
    container: {
      type: 'DOCKER',
      volumes: [{ containerPath: '/data', hostPath: '/d', mode: 'RW' }],
      docker: { image: 'repo/web:1.2', parameters: [], forcePullImage: true },
    },
    cpus: 0.5,
    disk: 0,
    env: { A: '1', S: { secret: 'n' } },
    healthChecks: [
      {
        gracePeriodSeconds: 10,
        ignoreHttp1xx: false,
        intervalSeconds: 2,
        maxConsecutiveFailures: 3,
        path: '/health',
        portIndex: 0,
        protocol: 'HTTP',
        ipProtocol: 'IPv4',
        timeoutSeconds: 2,
        delaySeconds: 15,
      },
    ],
    instances: 2,
    labels: {
      HAPROXY_GROUP: 'external',
      HAPROXY_0_VHOST: 'a.x,b.x',
      HAPROXY_0_PATH: '-i /api /v2',
      TEAM: 'blue',
    },
    mem: 32,
    networks: [{ mode: 'host' }],
    portDefinitions: [{ port: 8080, name: 'http', protocol: 'tcp' }],
    requirePorts: true,
    upgradeStrategy: { maximumOverCapacity: 0.5, minimumHealthCapacity: 1 },
    tasksRunning: 2,
  },
};

const job: NativeObject = {
  kind: 'chronos job',
  id: 'NIGHTLY',
  body: {
    name: 'NIGHTLY',
    command: 'run',
    arguments: ['--all'],
    shell: true,
    schedule: 'R/2026-11-24T01:00:00.000Z/P1D',
    scheduleTimeZone: 'Europe/Berlin',
    ownerName: 'web',
    container: { type: 'docker', image: 'repo/web:1.2', network: 'HOST', volumes: [] },
    environmentVariables: [{ name: 'B', value: '2' }],
    cpus: 0.1,
    mem: 128,
    retries: 2,
    concurrent: false,
    constraints: [],
    uris: ['http://x'],
    successCount: 4,
  },
};

test('what was made by hand is read as the app it is, and what is left behind is told', () => {
  const { apps, releases, notes } = read([web, job], target);
  assert.deepEqual(releases, {});
  assert.equal(apps.length, 1);
  const [app] = apps;
  assert(app);
  assert.deepEqual([app.name, app.version, app.environment], ['web', '1.2', 'test1']);
  const [service] = app.services;
  assert.deepEqual(service, {
    kind: 'Service',
    name: 'web',
    image: 'repo/web:1.2',
    command: `exec python main.py 'it'\\''s'`,
    env: { A: '1' },
    resources: { cpus: 0.5, memory: 32, cpuLimit: 'soft' },
    instances: 2,
    port: 0,
    health: {
      protocol: 'http',
      path: '/health',
      intervalMs: 2_000,
      timeoutMs: 2_000,
      failures: 4,
      graceMs: 10_000,
    },
    rollout: { minHealthy: 1, maxOver: 0.5, deadlineMs: 300_000 },
    killGraceMs: 3_000,
  });
  assert.deepEqual(
    app.routes.map(({ host, path, ignoreCase }) => `${host}${path} ${ignoreCase}`),
    ['a.x/api true', 'a.x/v2 true', 'b.x/api true', 'b.x/v2 true'],
  );
  assert.equal(app.crons[0]?.command, 'run --all');
  assert.deepEqual(app.crons[0]?.schedule, {
    iso: 'R/2026-11-24T01:00:00.000Z/P1D',
    timezone: 'Europe/Berlin',
  });
  assert.deepEqual(
    notes.map(({ id, subject, message }) => `${subject} ${id}: ${message.split(' ')[0]}`),
    [
      'marathon app /demo/web not-in-model: constraints',
      'marathon app /demo/web not-in-model: container.volumes',
      'marathon app /demo/web not-in-model: env.S',
      'marathon app /demo/web args-quoted: args',
      'marathon app /demo/web port-unknown: The',
      'chronos job NIGHTLY not-in-model: uris',
      'chronos job NIGHTLY args-quoted: arguments',
    ],
  );
});

test('every note of an import is explained', () => {
  for (const { id } of read([web, job], target).notes) assert(explained[id], id);
});

test('a plan shows everything that a write would take away', () => {
  const { body } = managed(web);
  assert.deepEqual(body['container'], {
    docker: { image: 'repo/web:1.2', forcePullImage: true },
    volumes: [{ containerPath: '/data', hostPath: '/d', mode: 'RW' }],
  });
  assert.equal(body['requirePorts'], true);
  assert.deepEqual(body['portDefinitions'], [{ port: 8080, name: 'http', protocol: 'tcp' }]);
  assert.deepEqual(body['labels'], {
    HAPROXY_GROUP: 'external',
    HAPROXY_0_VHOST: 'a.x,b.x',
    HAPROXY_0_PATH: '-i /api /v2',
  });
  assert.deepEqual((managed(job).body as { arguments?: unknown }).arguments, ['--all']);
});

test('what was read compiles to the same app again, where the model has words for it', () => {
  const [app] = read([web], target).apps;
  assert(app);
  const again = compile(app, target).objects[0]?.body ?? {};
  const before = managed(web).body;
  for (const field of ['cpus', 'mem', 'instances', 'healthChecks', 'upgradeStrategy', 'labels', 'networks'])
    assert.deepEqual(again[field], before[field], field);
});

test('a remark is believed only while it says what the native field says', () => {
  const [service] = compile(
    { ...(read([web], target).apps[0] ?? assert.fail()), services: [] },
    target,
  ).objects;
  assert.equal(service, undefined);
  const app = read([web], target).apps[0] ?? assert.fail();
  const precise = { ...app, services: app.services.map((one) => ({ ...one, killGraceMs: 2_500 })) };
  const [object] = compile(precise, target).objects;
  assert(object);
  assert.equal(read([object], target).apps[0]?.services[0]?.killGraceMs, 2_500);
  const changed = { ...object, body: { ...object.body, taskKillGracePeriodSeconds: 9 } };
  assert.equal(read([changed], target).apps[0]?.services[0]?.killGraceMs, 9_000);
});
