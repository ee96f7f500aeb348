import assert from 'node:assert/strict';
import { test } from 'node:test';
import { note } from '../../model/note.ts';
import type { Plan } from '../../operations/operations.ts';
import { golden } from '../testing/golden.ts';
import { runCli } from '../testing/run-cli.ts';

const plan: Plan = {
  environment: 'test1',
  apps: [
    {
      app: 'hcn',
      version: '1.1.0',
      current: '1.0.0',
      migrates: '1.1.0',
      changes: [
        {
          action: 'update',
          object: 'marathon app /hcn',
          home: 'mesos',
          fields: [
            { path: 'cpus', from: 0.5, to: 1 },
            { path: 'env.MONGO_URL', to: '(secret env:MONGO_URL)' },
            { path: 'env.OLD', from: 'x' },
          ],
        },
        { action: 'create', object: 'chronos job SYNC', home: 'mesos', fields: [] },
        { action: 'delete', object: 'chronos job GONE', home: 'mesos', fields: [] },
      ],
      notes: [
        note('no-health-check', 'info', 'no health check'),
        note('doubtful', 'warning', 'this may be wrong'),
      ],
    },
    { app: 'account', version: '2.0.0', changes: [], notes: [] },
  ],
};
const nothing: Plan = {
  environment: 'test1',
  apps: [{ app: 'hcn', version: '1.0.0', changes: [], notes: [] }],
};

test('plan shows every change; --exit-code tells whether there is one', async (t) => {
  const asked: unknown[] = [];
  const operations = {
    plan: async (...request: unknown[]) => {
      asked.push(request);
      return plan;
    },
  };
  const ran = await runCli(['plan', 'hcn:1.1.0', 'account:2.0.0', '-e', 'test1', '--exit-code'], {
    operations,
  });
  assert.equal(ran.code, 3);
  assert.deepEqual(asked[0], [
    [
      { app: 'hcn', version: '1.1.0' },
      { app: 'account', version: '2.0.0' },
    ],
    'test1',
  ]);
  golden(t, import.meta.dirname, 'plan', ran.stdout);
  const same = await runCli(['plan', 'hcn:1.0.0', '-e', 'test1', '--exit-code'], {
    operations: { plan: async () => nothing },
  });
  assert.deepEqual(
    [same.code, same.stdout],
    [0, 'hcn 1.0.0 in test1 (not there yet)\n  no changes\nNothing would change.\n'],
  );
  const { changes } = await json(['plan', 'hcn:1.1.0', '-e', 'test1'], { plan: async () => plan });
  assert.deepEqual(changes[0], {
    app: 'hcn',
    home: 'mesos',
    action: 'update',
    object: 'marathon app /hcn',
    fields: plan.apps[0]?.changes[0]?.fields,
  });
  assert.deepEqual(
    changes.map((change: { action: string }) => change.action),
    ['update', 'create', 'delete'],
  );
});

test('--dry-run of deploy, rollback and sync is plan, and changes nothing, also in prod', async () => {
  const planOf = async () => plan;
  const lines = [
    ['deploy', 'hcn:1.1.0', '-e', 'prod', '--dry-run'],
    ['rollback', 'hcn', '-e', 'prod', '--dry-run'],
    ['sync', '-e', 'prod', '-t', 'test1', '--dry-run'],
  ];
  for (const words of lines) {
    const ran = await runCli(words, { operations: { plan: planOf, planRollback: planOf, planSync: planOf } });
    assert.deepEqual([ran.code, ran.stderr], [0, '']);
    assert.match(ran.stdout, /Would create 1, update 1, delete 1\.\n$/);
  }
});

async function json(words: readonly string[], operations: object) {
  const ran = await runCli([...words, '--json'], { operations });
  return JSON.parse(ran.stdout);
}
