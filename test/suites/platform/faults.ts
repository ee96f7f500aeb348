import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, box, type HomeUnderTest, releaseOf } from './under-test.ts';

/** Versions that do not come up: said why, with the log, while the old version serves. */
export function testFaults(t: HomeUnderTest): void {
  test('a version that ends at once is told with its exit code and log; the old one serves; back is one write', async () => {
    const good = box('crashing');
    const broken = box('crashing', { command: `echo "no database" >&2; exit 3` }, { version: '1.0.1' });
    await t.deploy(good, 'd1');
    const since = Date.now();
    await t.write(broken, { deployment: 'd2' });
    const look = await t.settle(broken, 'd2', since);
    assert.equal(look.ok, false);
    assert.match(look.why, /status 3|exit code 3/);
    if (t.capabilities.logs)
      assert(
        look.log?.some((line) => line.includes('no database')),
        look.log?.join('\n'),
      );
    const [old] = await t.endpoints('crashing', 1);
    assert(old);
    assert.equal(await ask(old), '1.0.0');

    await t.write(good, { deployment: 'd2', release: releaseOf(good, 'd1') });
    const back = await t.settle(good, 'd1');
    assert(back.ok, back.why);
    assert.deepEqual(await t.plan(good), []);
    const [still] = await t.endpoints('crashing', 1);
    assert(still);
    assert.equal(await ask(still), '1.0.0');
    await t.remove('crashing');
  });

  test('a version that is ill is told with what its health check said', async () => {
    const app = box('sick', {
      env: { SICK: '1' },
      health: {
        protocol: 'http',
        path: '/health',
        intervalMs: 1_000,
        timeoutMs: 1_000,
        failures: 2,
        graceMs: 1_000,
      },
    });
    const since = Date.now();
    await t.write(app, { deployment: 'd1' });
    const look = await t.settle(app, 'd1', since);
    assert.equal(look.ok, false);
    assert.match(look.why, /500/);
    await t.remove('sick', 'd1');
  });

  test('a crash loop is noticed without a health check', async () => {
    const { health: _, ...service } = box('looping').services[0] ?? assert.fail();
    const app = { ...box('looping'), services: [{ ...service, command: 'sleep 0.2; exit 1' }] };
    const since = Date.now();
    await t.write(app, { deployment: 'd1' });
    const look = await t.settle(app, 'd1', since);
    assert.equal(look.ok, false, look.why);
    assert.match(look.why, /3 tasks .*failed/);
    await t.remove('looping', 'd1');
  });

  test('an image that does not exist is told', async () => {
    const app = box('nowhere', { image: 'test/box:9.9.9' });
    const since = Date.now();
    await t.write(app, { deployment: 'd1' });
    const look = await t.settle(app, 'd1', since);
    assert.equal(look.ok, false);
    assert.match(look.why, /9\.9\.9/);
    await t.remove('nowhere', 'd1');
  });
}
