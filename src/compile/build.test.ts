import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { build, must, openFiles, seedWorkspace } from '../../test/support/workspace.ts';
import type { Failure } from '../model/failure.ts';

const fixtures = join(import.meta.dirname, '../../test/fixtures/seed');
const seed = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

function seedBuilt(t: TestContext, file: string, app: string, where: string) {
  return must(build(must(openFiles(t, { [file]: seed(file) })), app, where));
}

test("the seed's hcn.yml for prod gives the seed's values", (t) => {
  const { app, notes } = seedBuilt(t, 'hcn.yml', 'hcn', 'prod');
  const [service] = app.services;
  assert.deepEqual(
    { ...service, rollout: undefined, killGraceMs: undefined },
    {
      kind: 'Service',
      name: 'hcn',
      image: 'anna-repo/hcn:1.0.0',
      command: 'python /app/hcn/main.py',
      env: { LOGSTASH_TAG: 'hcn-prod' },
      resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
      instances: 4,
      port: 8080,
      rollout: undefined,
      killGraceMs: undefined,
    },
  );
  assert.deepEqual(
    notes.map(({ id, severity, place }) => ({ id, severity, place })),
    [
      {
        id: 'feature-not-configured',
        severity: 'error',
        place: { file: 'services/hcn.yml', line: 11, column: 3 },
      },
      {
        id: 'feature-not-configured',
        severity: 'error',
        place: { file: 'services/hcn.yml', line: 12, column: 3 },
      },
    ],
  );
  assert.equal(app.schema, undefined);
});

test("the seed's account.yml for test gives two crons as written", (t) => {
  const { app, notes } = seedBuilt(t, 'account.yml', 'account', 'test1');
  assert.deepEqual(notes, []);
  assert.deepEqual(
    app.crons.map(({ name, schedule, command, image, env, resources }) => ({
      name,
      schedule,
      command,
      image,
      env,
      resources,
    })),
    [
      {
        name: 'ACCOUNT_SYNC_CUSTOMERS_TO_XXX',
        schedule: { iso: 'R//PT30M' },
        command: 'python /app/account/sync.py',
        image: 'anna-repo/account:1.0.0',
        env: { LOGSTASH_TAG: 'account-test' },
        resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
      },
      {
        name: 'ONE_ANOTHER_BATCH_TASK',
        schedule: { iso: 'R//PT10M' },
        command: 'python /app/account/oabt.py',
        image: 'anna-repo/account:1.0.0',
        env: { LOGSTASH_TAG: 'account-test' },
        resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
      },
    ],
  );
});

test("the seed's account-twice.yml reads per home, and says where its two schedules disagree", (t) => {
  const mesos = seedBuilt(t, 'account-twice.yml', 'account', 'test1.mesos');
  const k8s = seedBuilt(t, 'account-twice.yml', 'account', 'test1.k8s');
  assert.equal(mesos.app.crons[0]?.name, 'ACCOUNT_SYNC_CUSTOMERS_TO_XXX');
  assert.equal(k8s.app.crons[0]?.name, 'sync-customers');
  assert.deepEqual(mesos.app.crons[0]?.schedule, { iso: 'R//PT30M', cron: '30 0/1 * * *' });
  assert.deepEqual(mesos.app.routes, [
    { kind: 'Route', path: '/api', ignoreCase: true, audience: 'external', whitelist: false },
  ]);
  assert.deepEqual(
    mesos.notes.map(({ id, severity, place }) => ({ id, severity, place })),
    [
      {
        id: 'spellings-disagree',
        severity: 'warning',
        place: { file: 'services/account-twice.yml', line: 19, column: 7 },
      },
    ],
  );
  assert.match(mesos.notes[0]?.message ?? '', /at 00:30 01:30 02:30 …, .* at 00:00 00:30 01:00 …/);
});

const configured = `${seedWorkspace}features:
  rmq: {url: "amqp://rmq.{env}:5672/{app}", password: "env:RMQ_PASSWORD"}
  mongo: {url: "mongodb://mongo/{app}"}
`;

test('configured features bind, and bring the migration of the conventions', (t) => {
  const file = configured.replace(
    '  port: 8080',
    '  port: 8080\n  migration: "python /app/{app}/migrate.py"',
  );
  const { app, notes, origin } = must(
    build(must(openFiles(t, { 'hcn.yml': seed('hcn.yml') }, file)), 'hcn', 'prod'),
  );
  assert.deepEqual(notes, []);
  assert.deepEqual(app.services[0]?.env, {
    LOGSTASH_TAG: 'hcn-prod',
    MONGO_URL: 'mongodb://mongo/hcn',
    RMQ_PASSWORD: { kind: 'Secret', ref: 'env:RMQ_PASSWORD' },
    RMQ_URL: 'amqp://rmq.prod:5672/hcn',
  });
  assert.deepEqual(
    app.jobs.map(({ name, purpose, command }) => ({ name, purpose, command })),
    [{ name: 'migrate', purpose: 'migrate', command: 'python /app/hcn/migrate.py' }],
  );
  assert.equal(app.schema, '1.0.0');
  assert.equal(origin('RMQ_URL')?.file, 'rehome.yaml');
  assert.equal(origin('RMQ_URL')?.line, 17);
});

test("a section's own keys, a migration that can be taken back, a worker, an address of another app", (t) => {
  const front = `application:
  app_name: front
  env: {A: top, B: top}
  uses: [my-account]
  worker: True
  migration: {up: ./up, down: ./down, timeout: 5m}
  test:
    cpu: 2
    env: {B: section, C: 3}
    command: ./front --port 1
    instances: 0
  prod: {}
`;
  const account = 'application: {app_name: my-account, test: {}, prod: {}}';
  const workspace = must(openFiles(t, { 'front.yml': front, 'account.yaml': account }));
  const { app } = must(build(workspace, 'front', 'test1', { addresses: { 'my-account': 21003 } }));
  const [service] = app.services;
  assert.deepEqual(service?.env, {
    A: 'top',
    B: 'section',
    C: '3',
    LOGSTASH_TAG: 'front-test',
    MY_ACCOUNT_URL: 'http://127.0.0.1:21003',
  });
  assert.equal(service?.port, undefined);
  assert.equal(service?.instances, 0);
  assert.equal(service?.command, './front --port 1');
  assert.deepEqual(
    app.jobs.map(({ purpose, timeoutMs }) => [purpose, timeoutMs]),
    [
      ['migrate', 300_000],
      ['unmigrate', 300_000],
    ],
  );
  assert.equal(must(build(workspace, 'front', 'prod')).app.services[0]?.env['B'], 'top');
});

test('failures of a build: section, version, app', (t) => {
  const workspace = must(openFiles(t, { 'a.yml': 'application:\n  app_name: a\n  test: {}\n' }));
  const section = build(workspace, 'a', 'prod') as Failure;
  assert.equal(section.code, 'missing-section');
  assert.deepEqual(section.place, { file: 'services/a.yml', line: 2, column: 13 });
  assert.equal(section.found, 'test');
  assert.equal((build(workspace, 'a', 'test1', { version: 'a b' }) as Failure).code, 'unknown-version');
  assert.equal((build(workspace, 'constructor', 'test1') as Failure).code, 'unknown-app');
});

test('a model cannot be changed by who gets it', (t) => {
  const { app } = seedBuilt(t, 'hcn.yml', 'hcn', 'prod');
  assert.throws(() => Object.assign(app.services[0]?.env ?? {}, { X: '1' }), TypeError);
});
