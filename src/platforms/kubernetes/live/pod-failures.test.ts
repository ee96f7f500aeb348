import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureCounter } from '../../failures.ts';
import { podOf } from './pod.ts';
import type { PodEvent } from './pod-events.ts';
import { lastFailure, startsOf } from './pod-failures.ts';
import type { Member } from './rollout.ts';

const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 10, 0, n)).toISOString();
const terminated = (exitCode: number, from: number, to: number) => ({
  terminated: { exitCode, reason: 'Error', startedAt: second(from), finishedAt: second(to) },
});

function member(restartCount: number, state: object, lastState: object = {}): Member {
  const status = { phase: 'Running', containerStatuses: [{ name: 'hcn', restartCount, state, lastState }] };
  const pod = podOf({ metadata: { name: 'hcn-1', uid: 'u1' }, status });
  return { pod, container: pod.containers[0] };
}

const backOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } };
const running = { running: { startedAt: second(9) } };

test('a container that crashes again and again is counted once for every end', () => {
  const looks: readonly (readonly [Member, number])[] = [
    [member(0, running), 0],
    [member(0, terminated(1, 1, 2)), 1],
    [member(1, running, terminated(1, 1, 2)), 1],
    [member(1, terminated(1, 3, 4), terminated(1, 1, 2)), 2],
    [member(1, backOff, terminated(1, 3, 4)), 2],
    [member(2, running, terminated(1, 3, 4)), 2],
    [member(2, backOff, terminated(7, 5, 6)), 3],
  ];
  const count = failureCounter();
  for (const [look, failures] of looks) {
    const last = lastFailure([look], new Map(), 0);
    assert.equal(count({ starts: startsOf(look), isNew: true, last }).tasks.size, failures);
  }
  const [last] = looks.at(-1) ?? [];
  assert.equal(last && lastFailure([last], new Map(), 0)?.message, 'exit code 7');
});

test('an end before the rollout began does not count', () => {
  const old = member(5, running, terminated(1, 3, 4));
  assert.equal(lastFailure([old], new Map(), Date.parse(second(5))), undefined);
  const count = failureCounter();
  assert.equal(count({ starts: startsOf(old), isNew: false, last: undefined }).tasks.size, 0);
});

test('ended by the kubelet for its probe: the answer of the probe is the reason', () => {
  const event = (reason: string, message: string, n: number): PodEvent => ({
    reason,
    message,
    isWarning: reason === 'Unhealthy',
    count: 1,
    at: Date.parse(second(n)),
  });
  const events = [
    event('Killing', 'Container hcn failed startup probe, will be restarted', 3),
    event('Unhealthy', 'Readiness probe failed: connection refused', 3),
    event('Unhealthy', 'Startup probe failed: HTTP probe failed with statusCode: 500', 2),
  ];
  const sick = member(1, running, terminated(0, 1, 4));
  assert.equal(
    lastFailure([sick], new Map([['u1', events]]), 0)?.message,
    'ended because its startup probe failed: HTTP probe failed with statusCode: 500',
  );
  // The same events long before this end have nothing to do with it.
  const later = member(2, running, terminated(3, 20, 25));
  assert.equal(lastFailure([later], new Map([['u1', events]]), 0)?.message, 'exit code 3');
});
