import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../../src/model/failure.ts';
import type { Endpoint } from '../../../src/platforms/platform.ts';
import { ask, box, type HomeUnderTest, must, needs, until } from './under-test.ts';

/** Instances and their output, followed while they come and go. */
export function testFollowing(t: HomeUnderTest): void {
  test('endpoints follow what happens, and every instance that joins answers', async (context) => {
    if (!needs(context, t, 'endpoints')) return;
    const stop = new AbortController();
    context.after(() => stop.abort());
    const seen: string[][] = [];
    const followed = (async () => {
      for await (const list of t.home().endpoints('followed', stop.signal)) {
        if (isFailure(list)) continue;
        const known = seen.at(-1) ?? [];
        seen.push(list.map(({ id }) => id));
        const joined = list.filter(({ id }) => !known.includes(id));
        for (const endpoint of joined) assert.equal(await ask(endpoint), '1.0.0');
      }
    })();
    await t.deploy(box('followed', { instances: 2 }), 'd1');
    await until('two are told', () => seen.at(-1)?.length === 2);
    await t.deploy(box('followed', { instances: 1 }), 'd2');
    await until('one is told', () => seen.at(-1)?.length === 1);
    await t.remove('followed');
    await until('none is told', () => seen.at(-1)?.length === 0);
    stop.abort();
    await followed;
    assert.deepEqual(seen[0], []);
  });

  test('a home that holds ends an instance only after its followers have let go', async (context) => {
    if (!needs(context, t, 'holds')) return;
    await t.deploy(box('held'), 'd1');
    const stop = new AbortController();
    context.after(() => stop.abort());
    const follower = t.home().endpoints('held', stop.signal)[Symbol.asyncIterator]();
    const first = must((await follower.next()).value);
    const [instance] = first ?? [];
    assert(instance);
    const leaving = follower.next();
    await t.write(undefined, { name: 'held', deployment: 'd2' });
    assert.deepEqual((await leaving).value, []);
    assert.equal(await ask(instance), '1.0.0');
    const acknowledged = follower.next();
    // Nobody answers for the follower in its place: left alone, a home waits for seconds.
    await until('it is ended soon', () => isSilent(instance), 3_500);
    stop.abort();
    await acknowledged;
  });

  test('logs: the last lines, and those that come', async (context) => {
    if (!needs(context, t, 'logs')) return;
    const { health: _, port: __, ...service } = box('talking').services[0] ?? assert.fail();
    const command = 'seq 100; n=0; while sleep 0.2; do n=$((n+1)); echo "later $n"; done';
    await t.deploy({ ...box('talking'), services: [{ ...service, command }] }, 'd1');
    const last = await lines(t, { tail: 3, follow: false }, () => false);
    assert.equal(last.length, 3);
    assert.match(last.at(-1) ?? '', /later \d+|100/);
    const followed = await lines(t, { tail: 1, follow: true }, (all) => all.length >= 3);
    assert(
      followed.every((line) => line.startsWith('later')),
      followed.join(),
    );
    await t.remove('talking');
  });
}

async function isSilent(instance: Endpoint): Promise<boolean> {
  return await ask(instance).then(
    () => false,
    () => true,
  );
}

async function lines(
  t: HomeUnderTest,
  query: { readonly tail: number; readonly follow: boolean },
  enough: (lines: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), 15_000);
  const found: string[] = [];
  for await (const line of t.home().logs({ app: 'talking', ...query, signal: stop.signal })) {
    const { source, line: text } = must(line);
    assert.notEqual(source, '');
    found.push(text);
    if (enough(found)) break;
  }
  clearTimeout(late);
  return found;
}
