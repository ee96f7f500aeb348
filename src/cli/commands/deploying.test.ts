import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../../model/deployment.ts';
import { fail } from '../../model/failure.ts';
import type { DeployRequest } from '../../operations/operations.ts';
import { deployment, ended, goodStory } from '../testing/deployments.ts';
import { golden } from '../testing/golden.ts';
import { runCli } from '../testing/run-cli.ts';

process.env['TZ'] = 'UTC';

const ends: readonly (readonly [Deployment['status'], number])[] = [
  ['done', 0],
  ['failed', 1],
  ['cancelled', 1],
  ['rolled-back', 4],
  ['timed-out', 70],
  ['running', 70],
];
for (const [status, code] of ends) {
  test(`a deploy that ends ${status} exits ${code}`, async () => {
    const operations = { deploy: async () => ended(status) };
    assert.equal((await runCli(['deploy', '-e', 'test1', 'hcn:1.0.0'], { operations })).code, code);
    const document = await json(['deploy', '-e', 'test1', 'hcn:1.0.0'], operations);
    const { deployment: id, app, version, environment, homes, steps } = document;
    assert.deepEqual(
      { id, app, version, environment, homes, status: document.status },
      { id: 'd-7f3a', app: 'hcn', version: '1.0.0', environment: 'test1', homes: ['mesos'], status },
    );
    assert.deepEqual(Object.keys(steps[0]).sort(), ['attempts', 'finishedAt', 'name', 'startedAt', 'status']);
  });
}

test('a deploy passes everything on that its flags say', async () => {
  const asked: DeployRequest[] = [];
  const deploy = async (request: DeployRequest) => {
    asked.push(request);
    return ended('done');
  };
  const words = [
    'deploy',
    'hcn:1.0.0',
    '-e',
    'test1.k8s',
    '--skip',
    'test:after',
    '--skip=watch',
    '--lock-wait',
    '5m',
    '--timeout=10s',
  ];
  await runCli(words, { operations: { deploy } });
  assert.deepEqual(asked, [
    {
      app: 'hcn',
      version: '1.0.0',
      where: 'test1.k8s',
      skip: ['test:after', 'watch'],
      lockWaitMs: 300_000,
      timeoutMs: 10_000,
      detach: false,
    },
  ]);
});

test('progress of a deploy goes to stderr as lines, and ends with a banner', async (t) => {
  const ran = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], {
    operations: { deploy: telling(ended('done')) },
  });
  assert.equal(ran.stdout, '');
  golden(t, import.meta.dirname, 'deploy-plain', ran.stderr);
});

test('a rolled-back deploy says which check failed, with the last lines of the log', async (t) => {
  const failure = fail('not-healthy', 'Health check /health of hcn answers 500.', {
    details: 'Error: no ledger\n  at main.js:1',
  });
  const ran = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], {
    operations: { deploy: async () => ended('rolled-back', { failure }) },
  });
  golden(t, import.meta.dirname, 'deploy-rolled-back', ran.stderr);
  const document = await json(['deploy', 'hcn:1.0.0', '-e', 'test1'], {
    deploy: async () => ended('rolled-back', { failure }),
  });
  assert.equal(document.failure.code, 'not-healthy');
});

test('--json-stream is one event a line, the last one the deployment', async () => {
  const ran = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1', '--json-stream'], {
    operations: { deploy: telling(ended('done')) },
  });
  const events = ran.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    events.slice(0, -1),
    goodStory().map(([, event]) => event),
  );
  assert.deepEqual([events.at(-1).type, events.at(-1).status], ['end', 'done']);
  assert.equal(ran.stderr, '');
});

test('on a terminal the block is drawn on stderr and stays there at the end', async () => {
  const terminal = { columns: 80, rows: 24 };
  const ran = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], {
    terminal,
    operations: { deploy: telling(ended('done')) },
  });
  assert.equal(ran.stdout, '');
  assert.match(ran.stderr, /●●.*2 of 4 healthy/s);
  assert.ok(ran.stderr.endsWith('hcn 1.0.0 is live in test1 (12 s)\u001b[22m\n'));
});

test('--detach says how it goes on; an interrupted one how to resume', async () => {
  const failure = fail('interrupted', 'Stopped on request.', { hint: 'said once is enough' });
  const begun = { deploy: async () => deployment({ attended: false, failure }) };
  const detached = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1', '--detach'], { operations: begun });
  assert.equal(detached.code, 0);
  assert.match(detached.stderr, /on its way to test1\n {2}rehome show d-7f3a tells how it goes\n$/);
  const cut = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], { operations: begun });
  assert.equal(cut.code, 70);
  assert.match(cut.stderr, /rehome resume d-7f3a carries it on/);
  assert.doesNotMatch(cut.stderr, /said once/);
  const { next } = await json(['deploy', 'hcn:1.0.0', '-e', 'test1'], begun);
  assert.match(next[0], /rehome resume d-7f3a/);
  const late = deployment({ failure: fail('timed-out', 'Not over after 5 s.') });
  const waited = await json(['deploy', 'hcn:1.0.0', '-e', 'test1', '--timeout', '5s'], {
    deploy: async () => late,
  });
  assert.equal(waited.status, 'timed-out');
});

test('several apps: one after another, none after one that failed', async () => {
  const order: string[] = [];
  const deploy = async ({ app }: DeployRequest) => {
    order.push(app);
    return ended(app === 'b' ? 'rolled-back' : 'done', { app, deployment: `d-${app}` });
  };
  const ran = await runCli(['deploy', 'a:1', 'b:1', 'c:1', '-e', 'test1'], {
    operations: { deploy, validate },
  });
  assert.deepEqual([ran.code, order], [4, ['a', 'b']]);
  const { deployments } = await json(['deploy', 'a:1', 'b:1', 'c:1', '-e', 'test1'], { deploy, validate });
  assert.deepEqual(
    deployments.map((each: Deployment) => each.status),
    ['done', 'rolled-back'],
  );
});

test('--parallel 2 has two at a time', async () => {
  let now = 0;
  let most = 0;
  const deploy = async ({ app }: DeployRequest) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((next) => setImmediate(next));
    now -= 1;
    return ended('done', { app });
  };
  const ran = await runCli(['deploy', 'a:1', 'b:1', 'c:1', 'd:1', '-e', 'test1', '--parallel', '2'], {
    operations: { deploy, validate },
  });
  assert.deepEqual([ran.code, most], [0, 2]);
});

test('several apps: one that cannot be deployed is told before the first is begun', async () => {
  const validate = async () => fail('unknown-app', 'No manifest has app_name b.');
  const ran = await runCli(['deploy', 'a:1', 'b:1', '-e', 'test1'], { operations: { validate } });
  assert.deepEqual([ran.code, ran.stdout], [2, '']);
  assert.match(ran.stderr, /No manifest has app_name b/);
});

async function validate() {
  return undefined;
}

test('sync: the gravest end counts, and an app that could not begin is told', async () => {
  const result = {
    deployments: [ended('done'), ended('rolled-back', { app: 'account', deployment: 'd-2' })],
    failures: { ledger: fail('lock-held', 'ledger in test2 is locked by ann.') },
  };
  const operations = { sync: async () => result };
  const ran = await runCli(['sync', '-e', 'test2', '-t', 'test1'], { operations });
  assert.equal(ran.code, 5);
  assert.match(ran.stderr, /account 1\.0\.0 did not make it in test1 and was rolled back/);
  assert.match(ran.stderr, /ledger in test2 is locked by ann/);
  assert.match(ran.stderr, /sync test1 → test2: 1 deployment done, 2 not\n$/);
  const document = await json(['sync', '-e', 'test2', '-t', 'test1'], operations);
  assert.deepEqual([document.deployments.length, document.failures.ledger.code], [2, 'lock-held']);
});

test('a failure is an error document, with the exit code of its kind', async () => {
  const held = fail('lock-held', 'hcn in test1 is locked by ann.', { hint: 'wait' });
  const operations = { deploy: async () => held };
  const ran = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1', '--json'], { operations });
  assert.equal(ran.code, 5);
  assert.equal(ran.stderr, '');
  assert.deepEqual(JSON.parse(ran.stdout), {
    error: { code: 'lock-held', message: held.message, hint: 'wait' },
  });
  const usage = await runCli(['deploy', 'hcn', '--json']);
  assert.deepEqual([usage.code, JSON.parse(usage.stdout).error.code], [2, 'usage']);
});

test('whatever is thrown is told as a mistake of ours', async () => {
  const operations = { status: async () => Promise.reject(new Error('boom')) };
  const ran = await runCli(['status'], { operations });
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /error: boom \[internal\]/);
  assert.match((await runCli(['status', '-v'], { operations })).stderr, /deploying\.test\.ts/);
});

async function json(words: readonly string[], operations: object) {
  const ran = await runCli([...words, '--json'], { operations });
  return JSON.parse(ran.stdout);
}

function telling(end: Deployment) {
  return async (_request: DeployRequest, watch: (event: ReturnType<typeof goodStory>[number][1]) => void) => {
    for (const [, event] of goodStory()) watch(event);
    return end;
  };
}
