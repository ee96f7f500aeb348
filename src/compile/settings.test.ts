import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { build, must, openFiles, seedWorkspace } from '../../test/support/workspace.ts';
import type { Built } from './build.ts';

/** The app `a` in `test1`, from keys of its manifest and of the conventions. */
function built(t: TestContext, keys: string, conventions = ''): Built {
  const workspaceFile = seedWorkspace.replace('  port: 8080\n', `  port: 8080\n${conventions}`);
  const manifest = `application:\n  app_name: a\n  test: {}\n${keys}`;
  return must(build(must(openFiles(t, { 'a.yml': manifest }, workspaceFile)), 'a', 'test1'));
}

function service(t: TestContext, keys: string, conventions = '') {
  const [only] = built(t, keys, conventions).app.services;
  assert.ok(only);
  return only;
}

test('what nobody says has a default', (t) => {
  const { health, rollout, killGraceMs, resources, instances, port } = service(t, '');
  assert.deepEqual(
    { health, rollout, killGraceMs, resources, instances, port },
    {
      health: undefined,
      rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 300_000 },
      killGraceMs: 10_000,
      resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
      instances: 1,
      port: 8080,
    },
  );
  const { tests, watchMs } = built(t, '');
  assert.deepEqual({ tests, watchMs }, { tests: { before: [], after: [] }, watchMs: 0 });
});

test('the conventions, and the manifest over them', (t) => {
  const conventions = `  cpu: 1
  mem: 64
  instances: 3
  limits: hard
  kill_grace: 1s
  watch: 10s
  rollout: {min_healthy: 0.5, deadline: 1m}
`;
  const common = service(t, '', conventions);
  assert.deepEqual(common.resources, { cpus: 1, memory: 64, cpuLimit: 'hard' });
  assert.deepEqual(common.rollout, { minHealthy: 0.5, maxOver: 1, deadlineMs: 60_000 });
  assert.deepEqual([common.instances, common.killGraceMs], [3, 1_000]);
  assert.equal(built(t, '', conventions).watchMs, 10_000);
  const keys =
    '  mem: 65\n  limits: soft\n  port: 9\n  rollout: {max_over: 0.25}\n  watch: 0s\n  instances: 0\n';
  const own = service(t, keys, conventions);
  assert.deepEqual(own.resources, { cpus: 1, memory: 65, cpuLimit: 'soft' });
  assert.deepEqual(own.rollout, { minHealthy: 0.5, maxOver: 0.25, deadlineMs: 60_000 });
  assert.deepEqual([own.instances, own.port], [0, 9]);
  assert.equal(built(t, keys, conventions).watchMs, 0);
});

test('health: the conventions, the manifest over them entry by entry, none for false or a worker', (t) => {
  const conventions = '  health: {path: /up, interval: 1s}\n';
  const full = {
    protocol: 'http',
    path: '/up',
    intervalMs: 1_000,
    timeoutMs: 2_000,
    failures: 3,
    graceMs: 30_000,
  };
  assert.deepEqual(service(t, '', conventions).health, full);
  assert.deepEqual(service(t, '  health: {path: /own}\n', conventions).health, { ...full, path: '/own' });
  assert.equal(service(t, '  health: false\n', conventions).health, undefined);
  assert.equal(service(t, '  worker: True\n', conventions).health, undefined);
  const { path: _, ...tcp } = { ...full, protocol: 'tcp', intervalMs: 2_000 };
  assert.deepEqual(service(t, '  worker: True\n  health: {protocol: tcp}\n', conventions).health, tcp);
  assert.equal(service(t, '  health: {}\n').health?.path, '/health');
});

test('a section lies over health and rollout entry by entry, over anything else as a whole', (t) => {
  const manifest = `application:
  app_name: a
  health: {path: /a, failures: 9}
  rollout: {min_healthy: 0, max_over: 0.5}
  migration: {up: u, down: d}
  test:
    health: {path: /b}
    rollout: {max_over: 0}
    migration: {up: v}
`;
  const { app } = must(build(must(openFiles(t, { 'a.yml': manifest })), 'a', 'test1'));
  const [only] = app.services;
  assert.deepEqual([only?.health?.path, only?.health?.failures], ['/b', 9]);
  assert.deepEqual([only?.rollout.minHealthy, only?.rollout.maxOver], [0, 0]);
  assert.deepEqual(
    app.jobs.map(({ purpose, command }) => [purpose, command]),
    [['migrate', 'v']],
  );
});

test('tests: the conventions first with their placeholders filled, then the own ones as they stand', (t) => {
  const conventions = `  tests:
    before: [{name: sane, command: "./sane {app}"}]
    after:
      - {name: version, http: "/{stage}", contains: "{version}"}
      - {name: once, task: "check {env}"}
`;
  const own = '  tests: {after: [{name: own, http: /x, status: 204}, {name: raw, command: "echo {app}"}]}\n';
  const filled = [
    { name: 'version', http: '/test', status: 200, contains: '1.0.0' },
    { name: 'once', task: 'check test1' },
  ];
  assert.deepEqual(built(t, own, conventions).tests, {
    before: [{ name: 'sane', command: './sane a' }],
    after: [...filled, { name: 'own', http: '/x', status: 204 }, { name: 'raw', command: 'echo {app}' }],
  });
  assert.deepEqual(built(t, '  worker: True\n', conventions).tests.after, filled.slice(1));
  assert.deepEqual(built(t, '  tests: false\n', conventions).tests, { before: [], after: [] });
});

test('migration: own, none, or that of the conventions where a feature has data', (t) => {
  const conventions = '  migration: {up: "up {app}", down: "down {app}"}\n';
  const jobs = (keys: string, given = conventions) =>
    built(t, keys, given).app.jobs.map(({ purpose, command, timeoutMs }) => [purpose, command, timeoutMs]);
  assert.deepEqual(jobs('  mongo: True\n'), [
    ['migrate', 'up a', 1_800_000],
    ['unmigrate', 'down a', 1_800_000],
  ]);
  assert.deepEqual(jobs('  rmq: True\n'), []);
  assert.deepEqual(jobs('  mongo: True\n  migration: false\n'), []);
  assert.deepEqual(jobs('  mongo: True\n  migration: "own {app}"\n'), [['migrate', 'own {app}', 1_800_000]]);
  assert.deepEqual(jobs('  mongo: True\n', ''), []);
  assert.equal(built(t, '  mongo: True\n  migration: false\n', conventions).app.schema, undefined);
  assert.equal(built(t, '  migration: x\n').app.schema, '1.0.0');
});

test('anchors and merges: what stands there itself wins over what is merged', (t) => {
  const { env, resources } = service(
    t,
    '  x-base: &base {A: base, B: base}\n  x-more: &more {B: more, C: more}\n  cpu: &half 0.5\n  mem: 99\n  env: {<<: [*base, *more], C: own}\n',
  );
  assert.deepEqual(env, { A: 'base', B: 'base', C: 'own', LOGSTASH_TAG: 'a-test' });
  assert.equal(resources.memory, 99);
});

test('the manifest wins over features, features over conventions', (t) => {
  const workspaceFile = `${seedWorkspace.replace('{LOGSTASH_TAG:', '{RMQ_URL: c, LOGSTASH_TAG:')}features: {rmq: {url: f}}\n`;
  const url = (keys: string) => {
    const manifest = `application: {app_name: a, test: {}, ${keys}}`;
    return must(build(must(openFiles(t, { 'a.yml': manifest }, workspaceFile)), 'a', 'test1')).app.services[0]
      ?.env['RMQ_URL'];
  };
  assert.deepEqual([url(''), url('rmq: True'), url('rmq: True, env: {RMQ_URL: m}')], ['c', 'f', 'm']);
});

test('a circle of others, there in this home only, does not catch the one that uses them', (t) => {
  const app = (name: string, uses: string) => `application: {app_name: ${name}, test: {}, uses: [${uses}]}`;
  const workspace = must(
    openFiles(t, {
      'a.yml': app('a', 'b'),
      'b.yml': app('b', 'c'),
      'c.yml': app('c', `"{{ 'b' if mesos else 'd' }}"`),
      'd.yml': app('d', ''),
    }),
  );
  assert.deepEqual(must(build(workspace, 'a', 'test1.mesos')).app.uses, ['b']);
  assert.equal((build(workspace, 'b', 'test1.mesos') as { code?: string }).code, 'uses-cycle');
  assert.deepEqual(must(build(workspace, 'b', 'test1.k8s')).app.uses, ['c']);
});
