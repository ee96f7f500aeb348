import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bench, type Json, until, without } from './harness.ts';
import {
  at,
  because,
  edgeOf,
  edgeShares,
  everyTickOnce,
  livesIn,
  notHot,
  nothingLost,
  openMoving,
  sharesUrl,
  underLightLoad,
} from './moving.ts';

const skip = without('mesos') || without('local');
const move = (to: string) => ['move', 'echo', '-e', 'test1', '--to', to, '--json-stream'] as const;

describe('faults of the edge during a move', { skip }, () => {
  test('killed, and steered by hand: it goes on, and all ends in one home', async () => {
    await using bench = await openMoving();

    // It carries every request, so those that come while it is away are refused; none is carried out twice.
    const killed = await underLightLoad(bench, 'close', async () => {
      const moving = bench.start(...move('local'));
      await moving.event(at(10));
      const { pid } = edgeOf(bench);
      process.kill(pid, 'SIGKILL');
      await until('another edge', async () => (edgeOf(bench).pid === pid ? undefined : true), 10);
      assert.deepEqual(await edgeShares(bench), { mesos: 90, local: 10 });
      const ended = await moving.ended;
      assert.equal(ended.code, 0, ended.stderr);
      notHot(ended.stdout);
      await livesIn(bench, 'local');
    });
    const shown = JSON.stringify(killed, null, 1);
    const { refused = 0, reset = 0, 'closed without an answer': closed = 0 } = killed.reasons;
    assert.equal(refused + reset + closed, killed.failed, shown);
    assert.ok(refused > 0, 'it was away for a while');
    assert.deepEqual([killed.posts?.duplicated, killed.posts?.missing], [0, 0], shown);

    const steered = await underLightLoad(bench, 'keep-alive', async () => {
      await seenInStatus(bench);
      const moving = bench.start(...move('mesos'));
      await moving.event(at(10, 'mesos'));
      await setByHand(bench, { mesos: 30, local: 70 });
      await moving.event(because(/^30 % in mesos, set by hand/));
      const ended = await moving.ended;
      assert.equal(ended.code, 0, ended.stderr);
      notHot(ended.stdout);
      await livesIn(bench, 'mesos');
    });
    nothingLost(steered);
    everyTickOnce(bench);
  });
});

/** What somebody changes while nothing moves. */
async function seenInStatus(bench: Bench): Promise<void> {
  await setByHand(bench, { mesos: 20, local: 80 });
  const { apps } = await bench.json('status', 'echo', '-e', 'test1');
  assert.deepEqual(
    apps[0].homes.map(({ remark }: Json) => remark),
    ['0 % is remembered, the edge has 20 %', '100 % is remembered, the edge has 80 %'],
  );
  await setByHand(bench, { mesos: 0, local: 100 });
}

async function setByHand(bench: Bench, shares: Json): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(sharesUrl(bench), { method: 'PUT', headers, body: JSON.stringify(shares) });
  assert.equal(answer.status, 200, await answer.text());
}
