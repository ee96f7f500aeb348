import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bench, type Json, without } from './harness.ts';
import { everyTickOnce, livesIn, nothingLost, openMoving, underLoad } from './moving.ts';

const skip = without('mesos') || without('local');
const move = (to: string, ...more: string[]) => ['move', 'echo', '-e', 'test1', '--to', to, ...more] as const;

describe('a move under live traffic', { skip }, () => {
  for (const mode of ['keep-alive', 'close'] as const) {
    test(`there and back, with deployments in the middle: nobody notices (${mode})`, async () => {
      await using bench = await openMoving();
      const counts = await underLoad(bench, mode, async () => {
        const moving = bench.start(...move('local', '--json-stream'));
        await moving.event(at(10));
        await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', 'test1');
        await moving.event(at(50));
        await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
        assert.equal((await moving.ended).code, 0);
        await livesIn(bench, 'local');
        await bench.runs(0, 'move', 'back', 'echo', '-e', 'test1');
        await livesIn(bench, 'mesos');
      });
      nothingLost(counts);
      everyTickOnce(bench);
    });
  }

  test('back, from every phase', async () => {
    await using bench = await openMoving();
    const counts = await underLoad(bench, 'keep-alive', async () => {
      for (const [phase, fits] of phases) {
        const moving = bench.start(...move('local', '--soak', '30s', '--json-stream'));
        await moving.event(fits);
        await bench.runs(0, 'move', 'back', 'echo', '-e', 'test1');
        const ended = await moving.ended;
        assert.equal(ended.code, 4, `${phase}: ${ended.stderr}`);
        await livesIn(bench, 'mesos', phase);
      }
    });
    nothingLost(counts);
    everyTickOnce(bench);
  });

  test('a gate that fails sends the traffic back by itself, and says why', async () => {
    await using bench = await openMoving('1.3.0');
    await underLoad(bench, 'close', async () => {
      const ended = await bench.run(...move('local'));
      assert.equal(ended.code, 4, ended.stderr);
      assert.match(ended.stderr, /errors \(\d+ of \d+\), at most 1 % may be/);
    });
    await livesIn(bench, 'mesos');
    assert.equal((await bench.json('move', 'status', 'echo', '-e', 'test1')).status, 'back');
  });
});

function at(percent: number) {
  return (event: Json) => event.type === 'move' && event.move.shares.local === percent;
}

function inPhase(phase: string) {
  return (event: Json) => event.type === 'move' && event.move.phase === phase;
}

const phases: readonly (readonly [string, (event: Json) => boolean])[] = [
  ['arrive', (event) => event.type === 'deployment'],
  ['10 %', at(10)],
  ['50 %', at(50)],
  ['100 %', at(100)],
  ['duty', inPhase('duty')],
  ['soak', inPhase('soak')],
];

describe('steering a move', { skip }, () => {
  test('pause holds it, resume goes on, finish ends the soak; a second one is refused', async () => {
    await using bench = await openMoving();
    const moving = bench.start(...move('local', '--soak', '30s', '--json-stream'));
    await moving.event(at(10));
    await bench.runs(0, 'move', 'pause', 'echo', '-e', 'test1');
    await moving.event(
      (event) => event.type === 'move' && event.move.paused && /paused/.test(event.move.why),
    );
    const second = await bench.runs(5, ...move('local'));
    assert.match(second.stderr, /is moving to local already/);
    await bench.runs(0, 'move', 'resume', 'echo', '-e', 'test1');
    await moving.event(inPhase('soak'));
    await bench.runs(0, 'move', 'finish', 'echo', '-e', 'test1');
    assert.equal((await moving.ended).code, 0);
    await livesIn(bench, 'local');
    const again = await bench.runs(2, ...move('local'));
    assert.match(again.stderr, /is all in test1.local already/);
  });

  test('stages that want a yes wait for it', async () => {
    await using bench = await openMoving();
    const moving = bench.start(...move('local', '--manual', '--stages', '50', '--json-stream'));
    for (const percent of [50, 100]) {
      await moving.event(
        (event) => event.type === 'move' && event.move.why.startsWith(`${percent} % wants a yes`),
      );
      await bench.runs(0, 'move', 'approve', 'echo', '-e', 'test1');
    }
    assert.equal((await moving.ended).code, 0);
    await livesIn(bench, 'local');
  });

  test('a worker carries on what was detached, and what was left in the middle', async () => {
    await using bench = await openMoving();
    const stopped = bench.start(...move('local', '--json-stream'));
    await stopped.event(at(10));
    stopped.child.kill('SIGINT');
    assert.equal((await stopped.ended).code, 70);
    // Who works once does not sit through the soak.
    await bench.runs(0, 'worker', '--once');
    assert.equal((await bench.json('move', 'status', 'echo', '-e', 'test1')).phase, 'soak');
    await bench.runs(0, 'move', 'finish', 'echo', '-e', 'test1');
    await livesIn(bench, 'local');
    await bench.runs(0, ...move('mesos', '--detach', '--soak', '0s'));
    await settled(bench);
    await livesIn(bench, 'mesos');
  });
});

/** Resolves when no move of the app is under way any more. */
async function settled(bench: Bench): Promise<void> {
  for (;;) {
    const { status } = await bench.json('move', 'status', 'echo', '-e', 'test1');
    if (status !== 'running') return;
  }
}
