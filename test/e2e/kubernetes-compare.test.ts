import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathsOf } from './comparisons.ts';
import { type Json, without } from './harness.ts';
import { openBankInTwoHomes, withoutBridge } from './kubernetes.ts';

describe('compare with a home on Kubernetes', { skip: without('mesos') || withoutBridge }, () => {
  test('the whole bank on Mesos and in its dark twin: nothing but what has a reason', async (t) => {
    const { bench, space } = await openBankInTwoHomes(t);
    await using _ = bench;
    const apps = ['document', 'account', 'hcn', 'statements', 'worker'].map((app) => `${app}:1.0.0`);
    await bench.runs(0, 'deploy', ...apps, '-e', 'test1.mesos');
    await bench.runs(0, 'deploy', ...apps, '-e', 'test1.k8s');
    const compared = await bench.json('compare', 'test1.mesos', 'test1.k8s');
    assert.deepEqual(
      Object.fromEntries(compared.apps.map((one: Json) => [one.app, pathsOf(one)])),
      {
        account: { equivalent: ['notes.name-changed'] },
        document: {},
        hcn: { accepted: ['services.hcn.env.RMQ_URL'], equivalent: ['notes.secret-in-plain-env'] },
        statements: {
          accepted: ['crons.statements-tick.schedule'],
          equivalent: ['services.statements.env.ACCOUNT_URL'],
        },
        worker: { accepted: ['services.worker.instances'] },
      },
      JSON.stringify(compared, null, 1),
    );
    await bench.runs(0, 'compare', 'test1.mesos', 'test1.k8s');

    // As somebody does with kubectl edit.
    const deployment = 'apps/v1/deployments/hcn-deployment';
    const live = await space.ask('GET', deployment);
    const [container] = live.spec.template.spec.containers;
    container.resources = {
      requests: { cpu: '500m', memory: '256Mi' },
      limits: { cpu: '1', memory: '256Mi' },
    };
    container.env.push({ name: 'DEBUG', value: '1' });
    await space.ask('PUT', deployment, live);
    const secret = await space.ask('GET', 'v1/secrets/hcn-env');
    const [key = ''] = Object.keys(secret.data);
    secret.data[key] = Buffer.from('by hand').toString('base64');
    await space.ask('PUT', 'v1/secrets/hcn-env', secret);
    const changed = await bench.json('compare', 'test1.mesos', 'test1.k8s', 'hcn');
    assert.deepEqual(pathsOf(changed.apps[0]).blocking, [
      'services.hcn.env.DEBUG',
      'services.hcn.env.RMQ_PASSWORD',
      'services.hcn.memory',
      'services.hcn.cpuLimit',
    ]);
    assert.doesNotMatch(JSON.stringify(changed), /by hand/);
    await bench.runs(3, 'compare', 'test1.mesos', 'test1.k8s', 'hcn');
  });
});
