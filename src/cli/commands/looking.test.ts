import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { fail } from '../../model/failure.ts';
import { note } from '../../model/note.ts';
import type { AppStatus, Rendered } from '../../operations/operations.ts';
import { deployment, ended, step } from '../testing/deployments.ts';
import { golden } from '../testing/golden.ts';
import { runCli } from '../testing/run-cli.ts';

process.env['TZ'] = 'UTC';

const apps: readonly AppStatus[] = [
  {
    app: 'hcn',
    environment: 'test1',
    address: 'http://127.0.0.1:21003',
    deployment: 'd-9',
    homes: [
      home('mesos', { version: '1.0.0', instances: { wanted: 4, running: 3, healthy: 2 } }),
      home('k8s', { share: 0, duty: false, remark: 'unreachable' }),
    ],
  },
];

test('status as a table, and as the document of DESIGN', async (t) => {
  const asked: unknown[] = [];
  const operations = {
    status: async (query: unknown) => {
      asked.push(query);
      return apps;
    },
  };
  const ran = await runCli(['status', 'hcn', '-e', 'test1'], { operations });
  assert.deepEqual(asked, [{ app: 'hcn', environment: 'test1' }]);
  golden(t, import.meta.dirname, 'status', ran.stdout);
  const told = await runCli(['status', '--json'], { operations });
  assert.deepEqual(JSON.parse(told.stdout), { apps });
  const none = await runCli(['status'], { operations: { status: async () => [] } });
  assert.equal(none.stdout, 'Nothing is deployed.\n');
});

test('history lists deployments; one that nobody carries on is interrupted', async (t) => {
  const all = [
    deployment({ attended: false }),
    ended('done', { deployment: 'd-2', app: 'account' }),
    ended('rolled-back'),
  ];
  const operations = { history: async () => all };
  golden(t, import.meta.dirname, 'history', (await runCli(['history'], { operations })).stdout);
  const told = JSON.parse((await runCli(['history', '--json'], { operations })).stdout);
  assert.equal(told.deployments.length, 3);
});

test('show tells every step, and what to do with one that is not over', async (t) => {
  const failure = fail('not-healthy', 'Health check /health of hcn answers 500.');
  const steps = [
    step('lock', 'done', 0, 0, { message: 'taken' }),
    step('rollout', 'running', 1, undefined, { attempts: 2 }),
  ];
  const operations = {
    show: async (id: string) => deployment({ deployment: id, attended: false, steps, failure }),
  };
  golden(t, import.meta.dirname, 'show', (await runCli(['show', 'd-1'], { operations })).stdout);
});

const hcn: Rendered = {
  home: 'prod.mesos',
  platform: 'mesos',
  objects: [
    {
      kind: 'marathon app',
      id: '/hcn',
      body: { id: '/hcn', cpus: 0.5, env: { TAG: 'hcn-prod', URL: { kind: 'Secret', ref: 'env:URL' } } },
    },
  ],
  notes: [note('feature-not-configured', 'warning', 'mongo is not configured in prod')],
};
const job = { kind: 'chronos job', id: 'SYNC', body: { name: 'SYNC' } };

test('render prints one object as it is, several as documents or a list; secrets stay references', async () => {
  const one = await runCli(['render', 'hcn:1.0.0', '-e', 'prod'], {
    operations: { render: async () => [hcn] },
  });
  assert.deepEqual(parse(one.stdout), {
    id: '/hcn',
    cpus: 0.5,
    env: { TAG: 'hcn-prod', URL: '(secret env:URL)' },
  });
  assert.doesNotMatch(one.stdout, /^#|^---/m);
  assert.equal(one.stderr, '1 note; --notes shows more\n');
  const both = { render: async () => [{ ...hcn, objects: [...hcn.objects, job] }] };
  const many = await runCli(['render', 'hcn:1.0.0', '-e', 'prod', '--notes'], { operations: both });
  assert.deepEqual(
    parseAllDocuments(many.stdout).map((each) => each.toJS().name ?? each.toJS().id),
    ['/hcn', 'SYNC'],
  );
  assert.match(many.stdout, /^# chronos job SYNC in prod\.mesos$/m);
  assert.match(many.stderr, /warning: mongo is not configured in prod \[feature-not-configured\]/);
  const asJson = async (operations: object, ...more: string[]) =>
    JSON.parse((await runCli(['render', 'hcn:1.0.0', '-e', 'prod', ...more], { operations })).stdout);
  assert.equal((await asJson({ render: async () => [hcn] }, '--output', 'json')).id, '/hcn');
  assert.equal((await asJson(both, '-o', 'json')).length, 2);
  assert.equal((await asJson(both, '--json')).homes[0].objects[1].kind, 'chronos job');
});

test('logs go to stdout; a Ctrl-C ends them without a failure', async () => {
  async function* logs() {
    yield { source: 'hcn.1', line: 'one' };
    yield { source: 'hcn.2', line: 'two' };
  }
  const operations = { logs };
  assert.equal(
    (await runCli(['logs', 'hcn', '-e', 'test1'], { operations })).stdout,
    'hcn.1 | one\nhcn.2 | two\n',
  );
  const lines = JSON.parse(
    (await runCli(['logs', 'hcn', '-e', 'test1', '--json'], { operations })).stdout,
  ).lines;
  assert.deepEqual(lines, [
    { source: 'hcn.1', line: 'one' },
    { source: 'hcn.2', line: 'two' },
  ]);
  let interrupt = () => {};
  async function* endless() {
    yield { source: 'hcn.1', line: 'one' };
    interrupt();
    yield fail('interrupted', 'stopped');
  }
  const cut = await runCli(['logs', 'hcn', '-e', 'test1', '-f'], {
    operations: { logs: endless },
    onInterrupt: (listener) => {
      interrupt = listener;
    },
  });
  assert.deepEqual(cut, { code: 0, stdout: 'hcn.1 | one\n', stderr: '' });
});

const notes = [
  note('no-health-check', 'info', 'hcn has no health check', {
    place: { file: 'services/hcn.yml', line: 2, column: 3 },
  }),
  note('secret-in-plain-text', 'warning', 'PASSWORD is in plain text', { hint: 'use env:NAME' }),
];
const forbidden = note('cron-clash', 'error', 'two crons have one name', {
  place: { file: 'services/a.yml', line: 9, column: 5 },
});

test('check ends with 0, with 3 for what a rule forbids, with 2 for what cannot be read', async (t) => {
  const run = (found: typeof notes, ...words: string[]) =>
    runCli(['check', ...words], { operations: { check: async () => found } });
  assert.equal((await run([])).stdout, 'All is well.\n');
  assert.equal((await run(notes)).code, 0);
  const bad = await run([...notes, forbidden]);
  assert.equal(bad.code, 3);
  golden(t, import.meta.dirname, 'check', bad.stdout);
  assert.equal((await run([{ ...forbidden, id: 'unknown-key' }])).code, 2);
  const told = JSON.parse((await run([forbidden], '--format', 'json')).stdout);
  assert.deepEqual(told.notes, [
    {
      id: 'cron-clash',
      severity: 'error',
      message: 'two crons have one name',
      file: 'services/a.yml',
      line: 9,
      column: 5,
    },
  ]);
  assert.deepEqual(JSON.parse((await run([forbidden], '--json')).stdout), told);
});

test('check --format sarif is what code review tools read', async () => {
  const ran = await runCli(['check', '--format', 'sarif'], {
    operations: { check: async () => [...notes, forbidden] },
  });
  const { version, runs } = JSON.parse(ran.stdout);
  assert.equal(version, '2.1.0');
  assert.deepEqual(
    runs[0].results.map((each: { level: string }) => each.level),
    ['note', 'warning', 'error'],
  );
  assert.deepEqual(runs[0].results[2].locations[0].physicalLocation, {
    artifactLocation: { uri: 'services/a.yml' },
    region: { startLine: 9, startColumn: 5 },
  });
});

test('files that cannot be read are errors for people and notes for programs', async () => {
  const place = { file: 'services/hcn.yml', line: 7, column: 3 };
  const operations = fail('unknown-key', 'Unknown key `instnces`.', {
    place,
    more: [fail('missing-key', 'No cpu.', { place })],
  });
  const people = await runCli(['check'], { operations });
  assert.deepEqual([people.code, people.stdout], [2, '']);
  assert.match(people.stderr, /^error: services\/hcn\.yml:7:3: Unknown key `instnces`\. \[unknown-key\]$/m);
  const programs = await runCli(['check', '--json'], { operations });
  assert.equal(programs.code, 2);
  const { notes: found, error } = JSON.parse(programs.stdout);
  assert.deepEqual(
    found.map((each: { id: string }) => each.id),
    ['unknown-key', 'missing-key'],
  );
  assert.equal(error.line, 7);
});

test('doctor tells what it looked at, and what can be said without a workspace', async () => {
  const findings = [
    { ok: true, subject: 'node', message: 'v24' },
    { ok: false, subject: 'home test1.mesos', message: 'no answer', hint: 'rehome lab up' },
  ];
  const ran = await runCli(['doctor'], { operations: { doctor: async () => findings } });
  assert.deepEqual(
    [ran.code, ran.stdout],
    [1, '✓ node: v24\n✗ home test1.mesos: no answer\n    rehome lab up\n'],
  );
  const without = await runCli(['doctor', '--json']);
  assert.equal(without.code, 1);
  assert.deepEqual(
    JSON.parse(without.stdout).findings.map((each: { ok: boolean }) => each.ok),
    [true, false],
  );
});

function home(name: string, more: object) {
  const instances = { wanted: 0, running: 0, healthy: 0 };
  return { home: name, platform: 'mesos', instances, share: 100, duty: true, phase: 'settled', ...more };
}
