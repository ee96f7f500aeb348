import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Counts } from '../load/counts.ts';
import { type Bench, type Json, until, without } from './harness.ts';
import {
  at,
  because,
  edgeShares,
  everyTickOnce,
  killInstances,
  labOf,
  livesIn,
  notHot,
  nothingLost,
  openMoving,
  underLightLoad,
} from './moving.ts';

const skip = without('mesos') || without('local');

describe('instances that crash during a move', { skip }, () => {
  test('of the new home: the traffic goes back by itself; of the old one: it goes on', async () => {
    await using bench = await openMoving();

    const returned = await underLightLoad(bench, 'close', async () => {
      const ended = await crash(bench, 'local', 'local');
      assert.equal(ended.code, 4, ended.stderr);
      const { why } = await bench.json('move', 'status', 'echo', '-e', 'test1');
      assert.match(why, /replaced, at most 0 may be|errors \(\d+ of \d+\)/);
      await livesIn(bench, 'mesos');
    });
    onlyInFlight(returned);

    const moved = await underLightLoad(bench, 'close', async () => {
      const ended = await crash(bench, 'local', 'mesos');
      assert.equal(ended.code, 0, ended.stderr);
      await livesIn(bench, 'local');
    });
    onlyInFlight(moved);
    everyTickOnce(bench);
  });
});

describe('homes that do not answer during a move', { skip }, () => {
  test('it waits for them and says so, then goes on; back does not wait', async () => {
    await using bench = await openMoving();
    const counts = await underLightLoad(bench, 'keep-alive', async () => {
      const moving = bench.start(...move('local', '2s', '10,50'));
      await moving.event(at(10));
      {
        using _quiet = silence(bench);
        await moving.event(because(/mesos and local do not answer: no answer within 5 s/));
      }
      await moving.event(at(50));
      const back = await backInTheQuiet(bench);
      assert.equal((await back.ended).code, 0);
      const ended = await moving.ended;
      assert.equal(ended.code, 4, ended.stderr);
      notHot(ended.stdout);
      await livesIn(bench, 'mesos');
    });
    nothingLost(counts);
  });
});

function move(to: string, hold: string, stages: string) {
  const plan = ['--hold', hold, '--stages', stages];
  return ['move', 'echo', '-e', 'test1', '--to', to, ...plan, '--json-stream'] as const;
}

/** A move to a home, in the middle of which all instances of one of the two die at once. */
async function crash(bench: Bench, to: string, where: 'mesos' | 'local') {
  const moving = bench.start(...move(to, '3s', '50'));
  await moving.event((event: Json) => at(50, to)(event) && because(/^50 % in/)(event));
  await killInstances(bench, where);
  const ended = await moving.ended;
  notHot(ended.stdout);
  return ended;
}

/** No safe request is lost; of the others only what those had in hand that died, and nothing twice. */
function onlyInFlight(counts: Counts): void {
  const shown = JSON.stringify(counts, null, 1);
  assert.equal(counts.byMethod.GET.failed, 0, shown);
  assert.ok(counts.byMethod.POST.failed <= 20, shown);
  assert.equal(counts.byMethod.POST.reasons['status 502'] ?? 0, counts.byMethod.POST.failed, shown);
  assert.deepEqual([counts.posts?.duplicated, counts.posts?.missing], [0, 0], shown);
}

/** What runs at home, and its crons, have to wait; users need not. */
async function backInTheQuiet(bench: Bench) {
  using _quiet = silence(bench);
  const back = bench.start('move', 'back', 'echo', '-e', 'test1');
  const isHome = async () => ((await edgeShares(bench))['mesos'] === 100 ? true : undefined);
  await until('the traffic is at home', isHome, 15);
  return back;
}

/** Marathon, Chronos and the supervisor take connections and answer nothing; what runs goes on. */
function silence(bench: Bench): Disposable {
  const { pid } = labOf(bench);
  process.kill(pid, 'SIGSTOP');
  return { [Symbol.dispose]: () => process.kill(pid, 'SIGCONT') };
}
