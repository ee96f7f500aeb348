import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppComparison, Comparison } from '../../model/comparison.ts';
import { fail } from '../../model/failure.ts';
import { golden } from '../testing/golden.ts';
import { runCli } from '../testing/run-cli.ts';

const equal: AppComparison = { app: 'document', verdict: 'equal', differences: [] };
const accepted: AppComparison = {
  app: 'account',
  verdict: 'accepted',
  differences: [
    {
      path: 'notes.schedule-slowed',
      left: 'exact',
      right: 'approximate',
      verdict: 'accepted',
      why: 'It runs once a minute here.',
    },
    {
      path: 'services.account.env.DOCUMENT_URL',
      left: 'http://127.0.0.1:21003',
      right: 'http://document',
      verdict: 'equivalent',
      why: 'both lead to document',
    },
  ],
};
const blocking: AppComparison = {
  app: 'hcn',
  verdict: 'blocking',
  differences: [
    { path: 'services.hcn.memory', left: 512, right: 256, verdict: 'blocking', why: 'MiB of memory' },
    {
      path: 'services.hcn.env.EMPTY',
      left: '',
      right: null,
      verdict: 'blocking',
      why: 'only one has\u001b[2J it',
    },
  ],
};

function compared(...apps: AppComparison[]): Comparison {
  return { left: 'test1.mesos', right: 'test1.k8s', apps };
}

async function run(answer: unknown, ...words: readonly string[]) {
  const asked: unknown[] = [];
  const compare = async (request: unknown) => {
    asked.push(request);
    return answer as Comparison;
  };
  const ran = await runCli(['compare', 'test1.mesos', 'test1.k8s', ...words], { operations: { compare } });
  return { ...ran, asked };
}

test('compare shows an app a line, then what differs, blocking first, and ends with 3 where something blocks', async (t) => {
  const ran = await run(compared(accepted, equal, blocking), 'hcn', 'account', 'document');
  assert.deepEqual(ran.asked, [
    { left: 'test1.mesos', right: 'test1.k8s', apps: ['hcn', 'account', 'document'] },
  ]);
  assert.equal(ran.code, 3);
  golden(t, import.meta.dirname, 'compare', ran.stdout);
});

test('where all is equal compare says only that; what is accepted ends with 0', async () => {
  const same = await run(compared(equal));
  assert.deepEqual([same.code, same.stdout], [0, '1 app in test1.mesos and test1.k8s: equal.\n']);
  const fine = await run(compared(equal, accepted));
  assert.equal(fine.code, 0);
  assert.match(fine.stdout, /2 apps in test1\.mesos and test1\.k8s: nothing blocks a move\.\n$/);
  assert.match((await run(compared())).stdout, /^Nothing runs in test1\.mesos or test1\.k8s\.\n$/);
});

test('compare --json is the comparison itself; a home that cannot be read is a failure', async () => {
  const ran = await run(compared(blocking), '--json');
  assert.equal(ran.code, 3);
  assert.deepEqual(JSON.parse(ran.stdout), compared(blocking));
  const unknown = await run(fail('unknown-home', 'The environment test1 has no home k9s.'));
  assert.equal(unknown.code, 2);
});
