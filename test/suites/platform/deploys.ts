import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../../src/model/failure.ts';
import type { Endpoint } from '../../../src/platforms/platform.ts';
import { ask, box, type HomeUnderTest, must, releaseOf } from './under-test.ts';

/** From nothing to a release, to the next one, and to nothing again. */
export function testDeploys(t: HomeUnderTest): void {
  test('an app is deployed from nothing; a plan is empty then, and writing it changes nothing', async () => {
    const app = box('first', { instances: 2, env: { A: '1', TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } } });
    const planned = await t.plan(app);
    assert.deepEqual([...new Set(planned.map(({ action }) => action))], ['create']);
    const look = await t.deploy(app, 'd1');
    assert.deepEqual([look.wanted, look.running, look.healthy], [2, 2, 2]);
    const instances = await t.endpoints('first', 2);
    assert.deepEqual(await Promise.all(instances.map((one) => ask(one))), ['1.0.0', '1.0.0']);
    const env = JSON.parse(await ask(instances[0] as Endpoint, '/env')) as Record<string, string>;
    assert.equal(env['TOKEN'], 's3cret');

    assert.deepEqual(await t.plan(app), []);
    must(await t.home().apply(planned, { release: releaseOf(app, 'd1'), reveal: () => 's3cret' }));
    assert.deepEqual(ids(await t.endpoints('first', 2)), ids(instances));

    const [resident] = must(await t.home().inventory()).filter(({ app: name }) => name === 'first');
    const { schema: _, ...release } = resident?.release ?? assert.fail('no release');
    assert.deepEqual(release, releaseOf(app, 'd1'));
    assert.deepEqual([resident?.wanted, resident?.running, resident?.healthy], [2, 2, 2]);
    await t.remove('first');
    assert.deepEqual(
      must(await t.home().inventory()).filter(({ app: name }) => name === 'first'),
      [],
    );
    await assert.doesNotReject(gone(instances));
  });

  test('what runs reads back as the model it came from, its secrets as references', async () => {
    const app = box(
      'mirror',
      { env: { TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } } },
      { uses: ['account'] },
    );
    await t.deploy(app, 'd1');
    const { platform } = t.suite;
    const target = { environment: 'test1', home: 'a', settings: t.settings() };
    const back = platform.read(must(await t.home().observe({ app: 'mirror' })), target);
    assert.deepEqual(back.apps, [app]);
    assert.deepEqual(back.releases, { mirror: releaseOf(app, 'd1') });
    assert(!JSON.stringify(await t.plan({ ...app, services: [] })).includes('s3cret'));
    await t.remove('mirror');
  });

  test('an upgrade keeps as many healthy as promised', async () => {
    const old = box('rolling', { instances: 2 });
    const app = box('rolling', { instances: 2 }, { version: '1.0.1' });
    await t.deploy(old, 'd1');
    await t.endpoints('rolling', 2);
    const stop = new AbortController();
    const counts: number[] = [];
    const followed = (async () => {
      for await (const list of t.home().endpoints('rolling', stop.signal)) {
        if (!isFailure(list)) counts.push(list.length);
      }
    })();
    await t.deploy(app, 'd2').finally(() => stop.abort());
    await followed;
    assert(Math.min(...counts) >= 2, `endpoints on the way: ${counts}`);
    const instances = await t.endpoints('rolling', 2);
    assert.deepEqual(await Promise.all(instances.map((one) => ask(one))), ['1.0.1', '1.0.1']);
    await t.remove('rolling');
  });

  test('a change of the number of instances leaves those that run alone', async () => {
    await t.deploy(box('scaled', { instances: 2 }), 'd1');
    const before = ids(await t.endpoints('scaled', 2));
    const changes = await t.write(box('scaled', { instances: 3 }), { deployment: 'd2' });
    const fields = changes.flatMap((change) => change.fields);
    assert(
      fields.some(({ from, to }) => from === 2 && to === 3),
      JSON.stringify(fields),
    );
    // Whatever follows the number of instances is a number as well.
    assert(
      fields.every(({ from, to }) => typeof from === 'number' && typeof to === 'number'),
      JSON.stringify(fields),
    );
    await t.settle(box('scaled', { instances: 3 }), 'd2');
    const after = ids(await t.endpoints('scaled', 3));
    assert.equal(before.filter((id) => after.includes(id)).length, 2);
    await t.remove('scaled');
  });

  test('what somebody else has changed is shown, or it stays', async (context) => {
    const { meddle } = t.suite;
    if (!meddle) return context.skip('nothing to meddle with here');
    const app = box('shared');
    await t.deploy(app, 'd1');
    const { stays } = await meddle(t.settings(), 'shared');
    assert.deepEqual(await t.plan(app), []);
    await t.deploy(box('shared', {}, { version: '1.0.1' }), 'd2');
    assert(await stays());
    await t.remove('shared');
  });
}

function ids(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.map(({ id }) => id).sort();
}

/** Nobody listens there any more. */
async function gone(endpoints: readonly Endpoint[]): Promise<void> {
  for (const endpoint of endpoints) {
    const deadline = Date.now() + 10_000;
    while (
      await ask(endpoint).then(
        () => true,
        () => false,
      )
    )
      assert(Date.now() < deadline, `${endpoint.id} still answers`);
  }
}
