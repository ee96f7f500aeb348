import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withoutHaproxy } from '../suites/edge/haproxy.ts';
import { type Json, without } from './harness.ts';
import { withoutBridge } from './kubernetes.ts';
import {
  callsOf,
  everyMinuteOnce,
  hasTicked,
  isAnsweredBy,
  openMovingToKubernetes,
  underBothLoads,
} from './kubernetes-moving.ts';
import { livesIn, nothingLost } from './moving.ts';

const skip = without('mesos') || withoutBridge;
const edges = ['embedded', 'haproxy'] as const;

describe('a move from Mesos to a real Kubernetes, and back', { skip }, () => {
  for (const edge of edges) {
    test(`under live traffic, with a deployment in the middle: nobody notices (${edge})`, {
      skip: lacks(edge),
    }, async (t) => {
      const moving = await openMovingToKubernetes(t, edge);
      const { bench, space } = moving;
      await using _ = bench;
      await isAnsweredBy(space, 0, 'mesos');
      const begun = Date.now();
      const counts = await underBothLoads(moving, async () => {
        const forth = bench.start('move', 'echo', '-e', 'test1', '--to', 'k8s', '--json-stream');
        await forth.event(inPhase('rehearse'));
        await isAnsweredBy(space, begun, 'mesos');
        await forth.event(at(10));
        await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', 'test1');
        const half = await forth.event(at(50));
        await isAnsweredBy(space, Date.parse(half.at), 'mesos', 'elsewhere');
        const ended = await forth.ended;
        assert.equal(ended.code, 0, ended.stdout + ended.stderr);
        await livesIn(bench, 'k8s');
        const there = Date.now();
        await isAnsweredBy(space, there, 'elsewhere');
        // Who waits for ticks waits for minutes: once is enough.
        if (edge === edges[0]) await hasTicked(space, 'elsewhere', there);

        await bench.runs(0, 'move', 'back', 'echo', '-e', 'test1');
        await livesIn(bench, 'mesos');
        const home = Date.now();
        await isAnsweredBy(space, home, 'mesos');
        if (edge === edges[0]) await hasTicked(space, 'mesos', home);
      });
      for (const each of counts) nothingLost(each);
      const lost = callsOf(space).filter(({ at, text }) => at >= begun && !text.startsWith('echo '));
      assert.deepEqual(lost, []);
      everyMinuteOnce(space);
    });
  }
});

function lacks(edge: (typeof edges)[number]): string | false {
  return edge === 'haproxy' && withoutHaproxy();
}

function at(percent: number) {
  return (event: Json) => event.type === 'move' && event.move.shares.k8s === percent;
}

function inPhase(phase: string) {
  return (event: Json) => event.type === 'move' && event.move.phase === phase;
}
