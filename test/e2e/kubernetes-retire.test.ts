import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Json, without } from './harness.ts';
import { isOurs, openBankInTwoHomes, type Space, withoutBridge } from './kubernetes.ts';

/** Who answers under the name of account, as a pod sees it. */
const who = [
  '--',
  'node',
  '-e',
  "fetch('http://account/version').then(async a=>console.log(await a.text()))",
];

/** Calls account, and stays when account goes. */
const caller = `application:
  app_name: caller
  image: "anna-repo/worker:{{ version }}"
  command: node main.js
  test: { cpu: 0.1, mem: 128, instances: 1 }
  worker: True
  tests: False
  uses: [account]
`;

describe('retiring from Kubernetes', { skip: without('mesos') || withoutBridge }, () => {
  test('the name of the app leads to the edge instead of its pods, while others call it; then it goes with the home', async (t) => {
    const { bench, space } = await openBankInTwoHomes(t);
    await using _ = bench;
    writeFileSync(join(bench.folder, 'services/caller.yml'), caller);
    await bench.runs(0, 'deploy', 'account:1.0.0', '-e', 'test1.mesos');
    await bench.runs(0, 'deploy', 'account:1.0.0', '-e', 'test1.k8s');
    await bench.runs(0, 'deploy', 'caller:1.0.0', '-e', 'test1.k8s');

    const retiring = ['retire', 'account', '-e', 'test1', '--from', 'k8s', '--proof', '0'];
    const planned = (await bench.json(...retiring, '--dry-run')).retirements[0];
    assert.match(
      planned.conditions.find(({ name }: Json) => name === 'callers').found,
      /^caller there reach it at the edge/,
    );
    const actions = planned.changes.map(({ action, object }: Json) => `${action} ${object}`);
    assert.ok(actions.includes('delete Service account-pods'), actions.join(', '));
    assert.ok(!actions.some((action: string) => / Service account$/.test(action)), actions.join(', '));

    const { retirements } = await bench.json(...retiring);
    assert.equal(retirements[0].retired, true, JSON.stringify(retirements, null, 1));
    assert.deepEqual(await ofAccount(space), ['EndpointSlice account-edge', 'Service account']);
    const answered = await bench.runs(0, 'run', 'caller', '-e', 'test1.k8s', ...who);
    assert.match(answered.stdout, /"app":"account".*_app/, 'a task of Mesos answers');

    const back = await bench.json('retire', 'account', '-e', 'test1', '--undo');
    assert.equal(back.broughtBack[0].exact, true, JSON.stringify(back, null, 1));
    const crons = (await space.list('batch/v1/cronjobs')).filter(isOurs);
    assert.deepEqual([...new Set(crons.map(({ spec }) => spec.suspend))], [true]);
    await bench.runs(0, ...retiring);

    await bench.runs(0, 'deploy', 'caller:1.0.0', '-e', 'test1.mesos');
    const early = await bench.runs(1, 'retire', 'caller', '-e', 'test1', '--from', 'k8s', '--proof', '0');
    assert.match(early.stderr, /it has 100 % of the traffic/);
    const emptied = await bench.json('retire', '--home', 'test1.k8s', '--dry-run');
    assert.deepEqual(emptied.leftovers, ['Service account', 'EndpointSlice account-edge']);
    assert.ok(emptied.keeps.some((line: string) => line.startsWith('caller is registered there')));
  });
});

/** What rehome has of the app in the namespace. */
async function ofAccount({ list }: Space): Promise<readonly string[]> {
  const kinds = {
    Deployment: 'apps/v1/deployments',
    CronJob: 'batch/v1/cronjobs',
    EndpointSlice: 'discovery.k8s.io/v1/endpointslices',
    Ingress: 'networking.k8s.io/v1/ingresses',
    PodDisruptionBudget: 'policy/v1/poddisruptionbudgets',
    Secret: 'v1/secrets',
    Service: 'v1/services',
  };
  const found = await Promise.all(
    Object.entries(kinds).map(async ([kind, path]) => {
      const items = (await list(path)).filter(isOurs).filter(isStaying);
      const own = items.filter(({ metadata }) => metadata.labels['app.kubernetes.io/name'] === 'account');
      return own.map(({ metadata }) => `${kind} ${metadata.name}`);
    }),
  );
  return found.flat().sort();
}

function isStaying({ metadata }: Json): boolean {
  return metadata.deletionTimestamp === undefined;
}
