import assert from 'node:assert/strict';
import { testPlatform } from '../../../test/suites/platform.ts';
import { type KubernetesHome, noCluster, startHome } from '../../../test/support/kubernetes-home.ts';
import { record } from '../json.ts';
import { deploymentName } from './names.ts';
import { kubernetes } from './platform.ts';

let home: KubernetesHome | undefined;

const skip = noCluster();

testPlatform({
  platform: kubernetes,
  async start() {
    home = await startHome();
    return home;
  },
  meddle,
  tick: { schedule: { cron: '* * * * *', timezone: 'Etc/UTC' }, withinMs: 130_000 },
  ...(skip ? { skip } : {}),
});

/** An annotation and a field of the pods of somebody else. */
async function meddle(_settings: unknown, app: string) {
  const path = `deployments/${deploymentName(app)}`;
  const ask = home?.ask ?? assert.fail('the home was not started');
  const template = {
    metadata: { annotations: { team: 'blue' } },
    spec: { schedulerName: 'default-scheduler' },
  };
  const patch = { metadata: { annotations: { team: 'blue' } }, spec: { template } };
  const answer = await ask('PATCH', path, patch);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return {
    async stays() {
      const live = record((await ask('GET', path)).body);
      const pods = record(record(record(live['spec'])['template'])['metadata']);
      const all = [record(live['metadata']), pods].map(({ annotations }) => record(annotations)['team']);
      return all.every((team) => team === 'blue');
    },
  };
}
