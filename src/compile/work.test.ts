import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { build, must, openFiles, seedWorkspace } from '../../test/support/workspace.ts';
import type { Workspace } from '../manifest/workspace.ts';
import { fingerprint } from '../model/release.ts';
import type { Standing } from '../model/work.ts';

const home = { share: 100, duty: true };
const dark = { share: 0, duty: false };

function open(t: TestContext, keys: string, rmq = 'url: "amqp://rmq.{env}:5672/{app}", password: "env:PW"') {
  const features = `features:\n  rmq: {${rmq}}\n  mongo: {url: "mongodb://m/{app}"}\n`;
  const manifest = `application:\n  app_name: a\n  test: {instances: 5}\n${keys}`;
  return must(openFiles(t, { 'a.yml': manifest }, `${seedWorkspace}${features}`));
}

function at(workspace: Workspace, residency: Standing) {
  const { app, notes } = must(build(workspace, 'a', 'test1.k8s', { residency }));
  return { app, notes, env: app.services[0]?.env ?? {}, instances: app.services[0]?.instances };
}

const crons = '  crons: [{name: tick, every: 1m, command: ./tick}]\n  migration: ./up\n';

test('a dark home gets the twin everywhere; a share, or duty, the real thing', (t) => {
  const workspace = open(t, `  rmq: True\n  mongo: True\n${crons}`);
  const { app, env, instances, notes } = at(workspace, dark);
  const url = 'amqp://rmq.test1:5672/a-dark';
  assert.equal(env['MONGO_URL'], 'mongodb://m/a');
  assert.equal(instances, 5, 'they are to serve requests from the first share on');
  for (const workload of [...app.services, ...app.jobs, ...app.crons])
    assert.equal(workload.env['RMQ_URL'], url);
  assert.deepEqual(
    notes.map(({ id, severity, message }) => [id, severity, message]),
    [['runs-apart', 'info', 'a takes no real work in test1.k8s: there it runs with the twin of RMQ_URL.']],
  );
  const real = at(workspace, home);
  assert.deepEqual([real.env['RMQ_URL'], real.notes], ['amqp://rmq.test1:5672/a', []]);
  assert.deepEqual(Object.keys(real.env), Object.keys(env), 'in the same order');
  for (const residency of [
    { share: 1, duty: false },
    { share: 0, duty: true },
  ])
    assert.equal(fingerprint(at(workspace, residency).app), fingerprint(real.app));
});

test('a single consumer takes the real thing on duty alone', (t) => {
  const workspace = open(t, '  rmq: True\n  consumes: single\n');
  const url = (residency: Standing) => at(workspace, residency).env['RMQ_URL'];
  assert.equal(url({ share: 99, duty: false }), 'amqp://rmq.test1:5672/a-dark');
  assert.equal(url({ share: 0, duty: true }), 'amqp://rmq.test1:5672/a');
});

test('a worker: as many as its share asks for, one on the twin, none without one', (t) => {
  const queue = open(t, '  rmq: True\n  worker: True\n');
  const [told] = at(queue, dark).notes;
  assert.match(told?.message ?? '', /runs with the twin of RMQ_URL, with 1 of 5 instances\.$/);
  const plain = open(t, '  worker: True\n');
  const counts = [queue, plain].map((workspace) =>
    [dark, { share: 30, duty: false }, home].map((residency) => at(workspace, residency).instances),
  );
  assert.deepEqual(counts, [
    [1, 2, 5],
    [0, 2, 5],
  ]);
  assert.match(at(plain, dark).notes[0]?.message ?? '', /there it has no instance\.$/);
});

test('without a twin a dark home is refused, and says how to get one', (t) => {
  const refusal = (workspace: Workspace, residency = dark) => {
    const { notes } = at(workspace, residency);
    return notes.map(({ id, severity, place, hint }) => [id, severity, place?.line, hint?.slice(0, 30)]);
  };
  const secret = open(t, '  rmq: True\n', 'url: "env:RMQ"');
  assert.deepEqual(refusal(secret), [['no-twin', 'error', 4, 'name the URL of a vhost for da']]);
  assert.deepEqual(refusal(secret, home), []);
  const count = [dark, home].map((residency) => at(secret, residency).instances);
  assert.deepEqual(count, [0, 5], 'not even if nobody hears the note');
  const named = open(t, '  rmq: True\n', 'url: "env:RMQ", twin: "file:dark/{app}"');
  assert.deepEqual(at(named, dark).env['RMQ_URL'], { kind: 'Secret', ref: 'file:dark/a' });
  const own = open(t, '  rmq: True\n  worker: True\n  env: {RMQ_URL: "amqp://mine"}\n');
  assert.deepEqual(refusal(own), [['no-twin', 'error', 4, 'leave RMQ_URL to the settings ']]);
  assert.equal(at(own, dark).instances, 0);
  const single = open(t, '  rmq: True\n  consumes: single\n', 'url: "env:RMQ"');
  assert.equal(refusal(single, { share: 50, duty: false })[0]?.[0], 'no-twin');
});

test('what a twin has behind it is made where it is used', (t) => {
  const workspace = open(
    t,
    '  rmq: True\n',
    'url: "amqp://{app}@h/{app}", management: "http://boss@h:15672", management_password: "env:BOSS"',
  );
  assert.deepEqual(at(workspace, dark).app.backing, [
    {
      kind: 'Backing',
      feature: 'rmq',
      spec: {
        url: 'amqp://a@h/a-dark',
        management: 'http://boss@h:15672',
        password: { kind: 'Secret', ref: 'env:BOSS' },
      },
    },
  ]);
  assert.equal(at(workspace, home).app.backing, undefined);
});

test('consumes where nothing is consumed', (t) => {
  const [told] = at(open(t, '  consumes: single\n'), home).notes;
  assert.deepEqual([told?.id, told?.severity, told?.place?.line], ['consumes-nothing', 'warning', 4]);
  assert.deepEqual(at(open(t, '  consumes: single\n  worker: True\n'), home).notes, []);
});

test('an app without queue and worker is the same whatever its residency', (t) => {
  const workspace = open(t, `  mongo: True\n  expose: {path: /a}\n${crons}`);
  const whole = at(workspace, home);
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.boolean(), (share, duty) => {
      const one = at(workspace, { share, duty });
      assert.deepEqual(one.app, whole.app);
      assert.equal(fingerprint(one.app), fingerprint(whole.app));
      assert.deepEqual(one.notes, []);
    }),
    { numRuns: 30 },
  );
});
