import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../../model/failure.ts';
import type { EmptiedHome, RetireForecast, RetireRequest } from '../../operations/retirements.ts';
import { at, ended } from '../testing/deployments.ts';
import { runCli } from '../testing/run-cli.ts';

const about = { app: 'hcn', environment: 'test1', home: 'mesos' } as const;
const before = { kind: 'service', id: 'hcn', body: {} };
const plan = {
  environment: 'test1.mesos',
  apps: [
    {
      ...{ app: 'hcn', version: '1.0.0', notes: [] },
      changes: [{ action: 'delete', object: 'service hcn', home: 'mesos', fields: [], before }],
    },
  ],
} as const;
const ready: RetireForecast = {
  ...about,
  plan,
  conditions: [{ name: 'share', met: true, found: 'it has no share' }],
};
const waiting: RetireForecast = {
  ...ready,
  conditions: [
    ...ready.conditions,
    {
      name: 'requests',
      met: false,
      found: 'no request for 5 s so far',
      hint: 'repeat this later',
      metAt: at(30),
    },
  ],
  retireAt: at(30),
};
const retired = ended('done', { action: 'retire' });
const line = ['retire', 'hcn', '-e', 'test1', '--from', 'mesos'];

/** Operations that answer with a forecast, and remember what was asked. */
function answering(forecast: RetireForecast) {
  const asked: RetireRequest[] = [];
  const { plan: _, ...standing } = forecast;
  const may = forecast.conditions.every(({ met }) => met);
  return {
    asked,
    operations: {
      planRetire: async () => forecast,
      retire: async (request: RetireRequest) => {
        asked.push(request);
        return { ...standing, ...(may ? { deployment: retired } : {}) };
      },
    },
  };
}

test('an app that may go goes, after what goes with it was shown', async () => {
  const { operations, asked } = answering(ready);
  const ran = await runCli([...line, '--proof', '30s', '--wait'], { operations });
  assert.equal(ran.code, 0);
  assert.match(ran.stderr, /hcn leaves test1\.mesos; this goes:\n {2}- delete service hcn in mesos\n/);
  assert.match(ran.stderr, /✓ hcn is retired from test1\.mesos \(12 s\)/);
  assert.match(ran.stderr, /rehome retire hcn -e test1 --undo brings it back/);
  assert.deepEqual(asked, [
    { app: 'hcn', where: 'test1', from: 'mesos', wait: true, lockWaitMs: 0, proofMs: 30_000 },
  ]);
  const json = JSON.parse((await runCli([...line, '--json'], { operations })).stdout);
  const [one] = json.retirements;
  assert.deepEqual([one.retired, one.snapshot, one.deployment.action], [true, 'd-7f3a', 'retire']);
});

test('an app that may not go yet stays, and each condition has its line', async () => {
  const { operations } = answering(waiting);
  const ran = await runCli(line, { operations, env: { TZ: 'UTC' } });
  assert.equal(ran.code, 1);
  const [title, ...lines] = ran.stderr.trimEnd().split('\n');
  assert.equal(title, 'hcn stays in test1.mesos');
  assert.deepEqual(lines.slice(0, 3), [
    '  ✓ share     it has no share',
    '  ✗ requests  no request for 5 s so far',
    '              repeat this later',
  ]);
  assert.match(lines[3] ?? '', /^ {2}from .*:30 on, if nothing comes until then$/);
  const json = JSON.parse((await runCli([...line, '--json'], { operations })).stdout);
  assert.deepEqual(json, {
    retirements: [{ ...about, conditions: waiting.conditions, retireAt: at(30), retired: false }],
  });
});

test('a dry run shows what would go and what keeps it, and asks for nothing else', async () => {
  const { operations, asked } = answering(waiting);
  const ran = await runCli([...line, '--dry-run'], { operations });
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /✗ requests[\s\S]*- delete service hcn in mesos/);
  const json = JSON.parse((await runCli([...line, '--dry-run', '--json'], { operations })).stdout);
  assert.deepEqual(json.retirements[0].changes, [
    { home: 'mesos', action: 'delete', object: 'service hcn', fields: [] },
  ]);
  assert.equal((await runCli([...line, '--dry-run'], answering(ready))).code, 0);
  assert.deepEqual(asked, []);
});

test('of several apps one that fails does not keep the others; a protected environment asks', async () => {
  const { operations } = answering(ready);
  const retire = async (request: RetireRequest) =>
    request.app === 'account' ? fail('lock-held', 'account is locked.') : await operations.retire(request);
  const words = ['retire', 'account', 'hcn', '-e', 'test1', '--from', 'mesos'];
  const ran = await runCli(words, { operations: { ...operations, retire } });
  assert.equal(ran.code, 5);
  assert.match(ran.stderr, /account is locked[\s\S]*hcn is retired/);
  const prod = await runCli(['retire', 'hcn', '-e', 'prod', '--from', 'mesos'], { operations });
  assert.equal(prod.code, 2);
  assert.match(prod.stderr, /retire hcn from prod\.mesos: prod is protected and nobody agreed/);
});

test('bringing back says where it is, and what is not as it was', async () => {
  const back = {
    snapshot: 'd-1',
    home: 'mesos',
    retiredAt: at(0),
    exact: false,
    why: '1 was retired, 2 runs',
  };
  const operations = { bringBack: async () => ({ ...back, deployment: ended('done') }) };
  const ran = await runCli(['retire', 'hcn', '-e', 'test1', '--undo'], { operations });
  assert.equal(ran.code, 0);
  assert.match(ran.stderr, /it is in test1\.mesos without share and off duty\n.*: 1 was retired, 2 runs\n/);
  const json = JSON.parse(
    (await runCli(['retire', 'hcn', '-e', 'test1', '--undo', '--json'], { operations })).stdout,
  );
  assert.equal(json.broughtBack[0].snapshot, 'd-1');
});

const emptied: EmptiedHome = {
  ...{ environment: 'test1', home: 'mesos', platform: 'mesos', keeps: [], others: [] },
  references: [{ file: 'sync.sh', line: 3, text: 'rehome sync', what: 'change it' }],
  leftovers: ['Service account'],
  patch: '--- a/rehome.yaml\n+++ b/rehome.yaml\n@@ -1,1 +0,0 @@\n-x\n',
};

test('a home is cut out after a yes, and shown before', async () => {
  const words = ['retire', '--home', 'test1.mesos'];
  let cuts = 0;
  const operations = {
    planCutOut: async () => emptied,
    cutOut: async () => {
      cuts += 1;
      return emptied;
    },
  };
  const alone = await runCli(words, { operations });
  assert.deepEqual([alone.code, cuts], [2, 0]);
  assert.match(alone.stdout, /sync\.sh:3: rehome sync\n {6}change it\n[\s\S]*Service account\n[\s\S]*\n-x\n/);
  assert.deepEqual([(await runCli(words, { operations, ask: async () => 'n' })).code, cuts], [2, 0]);
  assert.deepEqual([(await runCli(words, { operations, ask: async () => 'y' })).code, cuts], [0, 1]);
  const json = JSON.parse((await runCli([...words, '--yes', '--json'], { operations })).stdout);
  assert.deepEqual(json, { ...emptied, cut: true });

  const needed = { planCutOut: async () => ({ ...emptied, keeps: ['hcn runs there'], patch: '' }) };
  const kept = await runCli([...words, '--yes'], { operations: needed });
  assert.equal(kept.code, 1);
  assert.match(kept.stdout, /test1\.mesos is still needed:\n {2}hcn runs there/);
  assert.equal((await runCli([...words, '--dry-run'], { operations })).code, 0);
});

test('words that do not belong together are a mistake', async () => {
  for (const words of [
    ['retire'],
    ['retire', 'hcn'],
    ['retire', 'hcn', '-e', 'test1'],
    ['retire', 'hcn', '--home', 'test1.mesos'],
    ['retire', '--home', 'test1.mesos', '--undo'],
    ['retire', 'hcn', '-e', 'test1', '--from', 'mesos', '--gone'],
  ]) {
    const ran = await runCli(words, { operations: {} });
    assert.equal(ran.code, 2, words.join(' '));
    assert.match(ran.stderr, /\[usage\]/);
  }
});
