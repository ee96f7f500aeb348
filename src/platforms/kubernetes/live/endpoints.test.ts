import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, box, homeUnderTest, must } from '../../../../test/suites/platform/under-test.ts';
import { noCluster, startHome } from '../../../../test/support/kubernetes-home.ts';
import { kubernetes } from '../platform.ts';

const skip = noCluster();

describe('a home whose edge reaches nodes but no pods', { skip }, () => {
  const start = () => startHome({ settings: { service: 'NodePort' } });
  const t = homeUnderTest({ platform: kubernetes, start });
  before(() => t.start());
  after(() => t.stop());

  test('the endpoint is the node’s address with the Service’s port, while a pod there is ready', async () => {
    await t.deploy(box('nodes', { instances: 2 }), 'd1');
    const [endpoint, ...more] = await t.endpoints('nodes', 1);
    assert.deepEqual(more, []);
    assert(endpoint && endpoint.port >= 30_000, JSON.stringify(endpoint));
    assert.equal(await ask(endpoint), '1.0.0');
    await t.remove('nodes');
    assert.deepEqual(await t.endpoints('nodes', 0), []);
  });

  test('status counts what runs apart from what is healthy', async () => {
    const sick = box('ailing', { env: { SICK: '1' }, health: { ...health, graceMs: 60_000 } });
    await t.write(sick, { deployment: 'd1' });
    for (let running = 0; running < 1; ) {
      await t.home().changed('ailing', 500);
      const resident = must(await t.home().inventory()).find(({ app }) => app === 'ailing');
      assert.equal(resident?.wanted, 1);
      assert.equal(resident?.healthy, 0);
      running = resident?.running ?? 0;
    }
    await t.remove('ailing');
  });
});

const health = {
  protocol: 'http',
  path: '/health',
  intervalMs: 1_000,
  timeoutMs: 1_000,
  failures: 3,
} as const;
