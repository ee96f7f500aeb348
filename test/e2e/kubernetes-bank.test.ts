import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { startLoad } from '../load/start.ts';
import { type Json, without } from './harness.ts';
import {
  type BankInTwoHomes,
  edit,
  isOurs,
  openBankInTwoHomes,
  openSpace,
  withoutBridge,
} from './kubernetes.ts';

/** Who answers under the name of account, as a pod sees it. */
const who = [
  '--',
  'node',
  '-e',
  "fetch('http://account/version').then(async a=>console.log(await a.text()))",
];

describe('the bank on Mesos and Kubernetes', { skip: without('mesos') || withoutBridge }, () => {
  test('account has one name in the cluster: living elsewhere, in both, and here alone', async (t) => {
    const { bench, space } = await openBankWithCaller(t);
    await using _ = bench;
    await bench.runs(0, 'deploy', 'account:1.0.0', '-e', 'test1.mesos');
    const plan = await bench.json('plan', 'caller:1.0.0', '-e', 'test1.k8s');
    const wanted = ['Service account', 'EndpointSlice account-edge'];
    const shown = plan.changes.map(({ object }: Json) => object);
    assert.ok(
      wanted.every((object) => shown.includes(object)),
      shown,
    );
    await bench.runs(0, 'deploy', 'caller:1.0.0', '-e', 'test1.k8s');
    const elsewhere = await bench.runs(0, 'run', 'caller', '-e', 'test1.k8s', ...who);
    assert.match(elsewhere.stdout, /"app":"account".*_app/, 'a task of Mesos answers');

    const dark = await bench.json('deploy', 'account:1.0.0', '-e', 'test1.k8s');
    assert.equal(dark.status, 'done');
    const both = await bench.runs(0, 'run', 'caller', '-e', 'test1.k8s', ...who);
    assert.match(both.stdout, /"app":"account".*_app/, 'the share says who');
    const [, k8s] = (await bench.json('status', 'account', '-e', 'test1')).apps[0].homes;
    assert.deepEqual([k8s.home, k8s.share, k8s.duty, k8s.instances.healthy], ['k8s', 0, false, 2]);
    const crons = await space.list('batch/v1/cronjobs');
    assert.deepEqual(
      crons.map(({ spec }) => spec.suspend),
      [true, true],
    );

    // A cluster without anything beside it.
    const solo = openSpace(t);
    const file = readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8');
    const homes = { k8s: { ...solo.home, intervals: 'slowed' } };
    edit(bench.folder, file, { 'environments.solo': { stage: 'test', homes } });
    await bench.runs(0, 'deploy', 'account:1.0.0', '-e', 'solo');
    const here = await bench.runs(0, 'run', 'account', '-e', 'solo', ...who);
    assert.match(here.stdout, /"app":"account","version":"1\.0\.0"/);
  });

  test('./sync.sh -e test1.k8s -t test1 fills a dark twin of the whole bank while users go on', async (t) => {
    const { bench, space } = await openBankWithCaller(t);
    await using _ = bench;
    const apps = ['document', 'account', 'api', 'hcn', 'statements', 'web', 'worker'];
    await bench.runs(0, 'deploy', ...apps.map((app) => `${app}:1.0.0`), '-e', 'test1');
    const { hostname: host, port } = new URL(
      (await bench.json('status', 'account', '-e', 'test1')).apps[0].address,
    );
    const options = { host, port: Number(port), path: '/version', rate: 100, mode: 'keep-alive' } as const;
    const load = startLoad({ ...options, methods: ['GET'] });
    const synced = await bench.script('sync.sh', '-e', 'test1.k8s', '-t', 'test1');
    const counts = await load.stop();
    assert.equal(synced.code, 0, synced.stdout + synced.stderr);
    assert.equal(counts.failed, 0, JSON.stringify(counts, null, 1));
    const { apps: there } = await bench.json('status', '-e', 'test1');
    assert.equal(there.length, apps.length);
    for (const { app, homes } of there) {
      const seen = homes.map(({ home, version, share, duty }: Json) => [home, version, share, duty]);
      assert.deepEqual(
        seen,
        [
          ['mesos', '1.0.0', 100, true],
          ['k8s', '1.0.0', 0, false],
        ],
        app,
      );
      assert.deepEqual((await bench.json('plan', `${app}:1.0.0`, '-e', 'test1')).changes, [], app);
    }
    const crons = (await space.list('batch/v1/cronjobs')).filter(isOurs);
    assert.equal(crons.length, 4);
    assert.ok(
      crons.every(({ spec }) => spec.suspend === true),
      'nothing runs twice',
    );
    const again = await bench.json('sync', '-e', 'test1.k8s', '-t', 'test1');
    assert.deepEqual(again.deployments, []);
  });
});

/** The bank, and one that does nothing but use account. */
async function openBankWithCaller(t: TestContext): Promise<BankInTwoHomes> {
  const opened = await openBankInTwoHomes(t);
  writeFileSync(join(opened.bench.folder, 'services/caller.yml'), caller);
  return opened;
}

const caller = `application:
  app_name: caller
  image: "anna-repo/worker:{{ version }}"
  command: node main.js
  test: { cpu: 0.1, mem: 128, instances: 1 }
  worker: True
  tests: False
  uses: [account]
`;
