import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../../model/failure.ts';
import type { RunRequest } from '../../operations/operations.ts';
import type { Lock } from '../../store/store.ts';
import { deployment, ended } from '../testing/deployments.ts';
import { runCli } from '../testing/run-cli.ts';

const toProd = ['deploy', 'hcn:1.0.0', '-e', 'prod.mesos'];

test('a protected environment wants a yes: by flag, or its name typed at the terminal', async () => {
  let deployed = 0;
  const deploy = async () => {
    deployed += 1;
    return ended('done');
  };
  const operations = { deploy };
  const refused = await runCli([...toProd, '--json'], { operations });
  assert.deepEqual([refused.code, JSON.parse(refused.stdout).error.code], [2, 'needs-confirmation']);
  assert.equal((await runCli(toProd, { operations, ask: async () => 'yes' })).code, 2);
  assert.equal(deployed, 0);
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return 'prod';
  };
  assert.equal((await runCli(toProd, { operations, ask })).code, 0);
  assert.match(questions[0] ?? '', /deploy hcn 1\.0\.0 to prod\.mesos\. prod is protected/);
  assert.equal((await runCli([...toProd, '--yes'], { operations })).code, 0);
  assert.equal((await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], { operations, ask })).code, 0);
  assert.deepEqual([deployed, questions.length], [3, 1]);
});

test('every command that changes something asks in a protected environment, and does nothing in a dry run', async () => {
  const inProd = {
    show: async () => deployment({ environment: 'prod', attended: false }),
    locks: async () => [],
  };
  for (const line of [
    'rollback hcn -e prod',
    'sync -e prod -t test',
    'resume d',
    'cancel d',
    'approve d',
    'lock release hcn -e prod',
    'run hcn -e prod migration',
  ]) {
    const ran = await runCli(line.split(' '), { operations: inProd });
    assert.match(ran.stderr, /prod is protected and nobody agreed \[needs-confirmation\]/, line);
    assert.equal(ran.code, 2, line);
  }
  for (const line of [
    'resume d',
    'cancel d',
    'approve d',
    'lock release hcn -e prod',
    'run hcn -e prod migration',
  ]) {
    const ran = await runCli([...line.split(' '), '--dry-run'], { operations: inProd });
    assert.equal(ran.code, 0, line);
    assert.match(ran.stdout, /^Would /, line);
  }
});

test('the first Ctrl-C stops cleanly, the second leaves at once', async () => {
  let interrupt = () => {};
  const onInterrupt = (listener: () => void) => {
    interrupt = listener;
  };
  const operations = {
    deploy: async (_request: unknown, _watch: unknown, signal: AbortSignal) => {
      interrupt();
      assert.equal(signal.aborted, true);
      return deployment({ attended: false });
    },
  };
  const once = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], { operations, onInterrupt });
  assert.equal(once.code, 70);
  assert.match(once.stderr, /stopping cleanly, Ctrl-C again leaves at once/);
  assert.match(once.stderr, /rehome resume d-7f3a carries it on/);
  const twice = {
    deploy: async () => {
      interrupt();
      interrupt();
      return ended('done');
    },
  };
  const left = await runCli(['deploy', 'hcn:1.0.0', '-e', 'test1'], { operations: twice, onInterrupt });
  assert.equal(left.code, 70);
  assert.match(left.stderr, /left at once/);
});

test('a closed stdout ends what only tells, and not what changes something', async () => {
  let close = () => {};
  const onClosed = (listener: () => void) => {
    close = listener;
  };
  async function* logs() {
    close();
    yield fail('refused', 'must not be told');
  }
  assert.equal((await runCli(['logs', 'hcn', '-e', 'test1'], { operations: { logs }, onClosed })).code, 0);
  const deploy = async () => {
    close();
    return ended('rolled-back');
  };
  assert.equal(
    (await runCli(['deploy', 'hcn:1', '-e', 'test1'], { operations: { deploy }, onClosed })).code,
    4,
  );
});

test('cancel ends with 0 when it is cancelled, resume when it is done', async () => {
  const show = async () => deployment({ attended: false });
  const cancel = async () => ended('cancelled');
  assert.equal((await runCli(['cancel', 'd'], { operations: { show, cancel } })).code, 0);
  const cancelTooLate = async () => ended('failed');
  assert.equal((await runCli(['cancel', 'd'], { operations: { show, cancel: cancelTooLate } })).code, 1);
  const resume = async () => ended('done');
  assert.equal((await runCli(['resume', 'd'], { operations: { show, resume } })).code, 0);
  const gone = await runCli(['resume', 'd'], {
    operations: { show: async () => fail('no-such-deployment', 'No d.') },
  });
  assert.equal(gone.code, 2);
});

test('run takes a task or a command line, and ends as it ended', async () => {
  const asked: RunRequest[] = [];
  const operations = (ok: boolean) => ({
    run: async (request: RunRequest, onLine: (line: string) => void) => {
      asked.push(request);
      onLine('out');
      return { ok, exitCode: ok ? 0 : 3, why: `exit code ${ok ? 0 : 3}` };
    },
  });
  const task = await runCli(['run', 'hcn', '-e', 'test1', 'migration'], { operations: operations(true) });
  assert.deepEqual([task.code, task.stdout, task.stderr], [0, 'out\n', '✓ exit code 0\n']);
  const command = await runCli(['run', 'hcn', '-e', 'test1', '--json', '--', 'echo', 'a b'], {
    operations: operations(false),
  });
  assert.equal(command.code, 1);
  assert.deepEqual(JSON.parse(command.stdout), {
    app: 'hcn',
    where: 'test1',
    command: "echo 'a b'",
    ok: false,
    exitCode: 3,
    why: 'exit code 3',
    lines: ['out'],
  });
  assert.deepEqual(
    asked.map(({ task: name, command: line }) => name ?? line),
    ['migration', "echo 'a b'"],
  );
  assert.match((await runCli(['run', 'hcn', '-e', 'test1'])).stderr, /there is nothing to run/);
  assert.match(
    (await runCli(['run', 'hcn', '-e', 'test1', 'migration', '--', 'ls'])).stderr,
    /both a task and a command/,
  );
});

test('lock status and lock release', async () => {
  const lock: Lock = {
    app: 'hcn',
    environment: 'test1',
    deployment: 'd-1',
    holder: 'ann@laptop',
    since: '2026-11-23T12:00:00.000Z',
    alive: true,
  };
  let released = 0;
  const operations = {
    locks: async () => [lock, { ...lock, app: 'account', alive: false }],
    releaseLock: async () => {
      released += 1;
      return true;
    },
  };
  const one = await runCli(['lock', 'status', 'hcn', '--json'], { operations });
  assert.deepEqual(JSON.parse(one.stdout), { locks: [lock] });
  const refused = await runCli(['lock', 'release', 'hcn', '-e', 'test1'], { operations });
  assert.equal(refused.code, 5);
  assert.match(
    refused.stderr,
    /deployment d-1 of hcn is at work in test1 \[lock-held\]\n {2}found: {4}ann@laptop/,
  );
  assert.equal(released, 0);
  assert.equal((await runCli(['lock', 'release', 'hcn', '-e', 'test1', '--force'], { operations })).code, 0);
  const gone = await runCli(['lock', 'release', 'account', '-e', 'test1', '--json'], { operations });
  assert.deepEqual(JSON.parse(gone.stdout), { app: 'account', environment: 'test1', released: true });
  assert.equal(released, 2);
});

test('worker passes on what it is asked for', async () => {
  const asked: unknown[] = [];
  const operations = {
    work: async (request: unknown) => {
      asked.push(request);
      return undefined;
    },
    history: async () => [deployment({ attended: false }), deployment({ deployment: 'd-2' }), ended('done')],
  };
  assert.equal((await runCli(['worker', '--once'], { operations })).code, 0);
  assert.equal((await runCli(['worker', '--once', '--only', 'd-1'], { operations })).code, 0);
  assert.deepEqual(asked, [{ once: true }, { once: true, only: 'd-1' }]);
  assert.equal((await runCli(['worker', '--dry-run'], { operations })).stdout, 'Would carry on d-7f3a.\n');
});

test('a strategy that is not there yet is said, and a mistake points at the help', async () => {
  const unsupported = await runCli(['deploy', 'hcn:1', '-e', 'test1', '--strategy', 'canary']);
  assert.equal(unsupported.code, 2);
  assert.match(unsupported.stderr, /the strategy canary is not there yet \[unsupported\]/);
  assert.match((await runCli(['deploy', 'hcn', '-e', 'test1'])).stderr, /hint: {5}rehome deploy --help/);
});
