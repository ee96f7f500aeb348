import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realClock } from './clock.ts';
import { fakeClock, fakeHost } from './fake.ts';

test('sleepers wake in the order of their times, and at their times', async () => {
  const clock = fakeClock(0);
  const woken: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now()}`);
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now()}`);
  };
  const both = Promise.all([sleeper('slow', 30), sleeper('quick', 20)]);
  await clock.asleep();
  await clock.advance(50);
  assert.deepEqual(woken, ['quick@20', 'slow@30', 'quick@40']);
  assert.equal(clock.now(), 50);
  await clock.advance(10);
  await both;
});

test('an abort wakes at once, on both clocks', async () => {
  for (const clock of [fakeClock(), realClock]) {
    const stop = new AbortController();
    const asleep = clock.sleep(60_000, stop.signal);
    stop.abort();
    await asleep;
    await clock.sleep(60_000, stop.signal);
  }
});

test('files live in memory, the network is empty', async () => {
  const host = fakeHost();
  host.files.write('/a/b/c', 'x');
  host.files.append('/a/b/c', 'y');
  assert.equal(host.files.read('/a/b/c'), 'xy');
  assert.deepEqual(host.files.list('/a'), ['b']);
  assert.equal(host.files.exists('/a/b'), true);
  assert.equal(host.files.exists('/b'), false);
  assert.equal('code' in (await host.http.request({ url: 'http://x' })), true);
});
