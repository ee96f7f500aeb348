import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HealthCheck } from '../../../model/app.ts';
import { number, record } from '../../json.ts';
import { compileProbes, readProbes } from './probes.ts';
import { compileStrategy, readStrategy } from './strategy.ts';

const rollout = (minHealthy: number, maxOver: number) => ({ minHealthy, maxOver, deadlineMs: 1 });

test("Marathon's fractions are whole instances", () => {
  assert.deepEqual(compileStrategy(4, rollout(1, 1)), { maxSurge: 4, maxUnavailable: 0 });
  assert.deepEqual(compileStrategy(4, rollout(0.5, 0.25)), { maxSurge: 1, maxUnavailable: 2 });
  assert.deepEqual(compileStrategy(20, rollout(0.55, 0.55)), { maxSurge: 11, maxUnavailable: 9 });
  assert.deepEqual(compileStrategy(2, rollout(1, 0.25)), { maxSurge: 1, maxUnavailable: 0 });
  assert.deepEqual(compileStrategy(0, rollout(1, 1)), { maxSurge: 1, maxUnavailable: 0 });
  assert.deepEqual(readStrategy({}, 4), { minHealthy: 0.75, maxOver: 0.25 });
  assert.deepEqual(readStrategy({ maxSurge: 1, maxUnavailable: '50%' }, 4), {
    minHealthy: 0.5,
    maxOver: 0.25,
  });
});

test('property: a rollout can always take a step, and keeps as many as were asked for', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fraction, fraction, (instances, minHealthy, maxOver) => {
      const { maxSurge, maxUnavailable } = compileStrategy(instances, rollout(minHealthy, maxOver));
      assert(Number.isInteger(maxSurge) && Number.isInteger(maxUnavailable));
      assert(maxSurge + maxUnavailable > 0);
      assert(instances - maxUnavailable >= instances * minHealthy - 1e-6);
    }),
  );
});

const time = fc.integer({ min: 0, max: 400_000 });
const checks: fc.Arbitrary<HealthCheck> = fc.record({
  protocol: fc.constant('http' as const),
  path: fc.constant('/health'),
  intervalMs: time,
  timeoutMs: time,
  failures: fc.integer({ min: 1, max: 20 }),
  graceMs: time,
});

test('property: traffic stops before an instance is replaced, and no sooner than its grace ends', () => {
  fc.assert(
    fc.property(checks, (check) => {
      const { startupProbe, livenessProbe, readinessProbe } = compileProbes(check, 8080);
      const patience = (probe: unknown) => {
        const { periodSeconds, failureThreshold, timeoutSeconds } = record(probe);
        for (const value of [periodSeconds, failureThreshold, timeoutSeconds])
          assert(Number.isInteger(value) && (number(value) ?? 0) >= 1);
        return Number(periodSeconds) * Number(failureThreshold);
      };
      assert(patience(readinessProbe) <= patience(livenessProbe));
      assert(patience(livenessProbe) * 1_000 >= check.intervalMs * check.failures);
      if (startupProbe === undefined) assert.equal(check.graceMs, 0);
      else {
        const whole = check.graceMs + check.failures * check.intervalMs;
        assert(patience(startupProbe) * 1_000 >= whole);
        assert(patience(startupProbe) * 1_000 < whole + check.timeoutMs + 1_000 * (check.failures + 1));
      }
      const once = readProbes(compileProbes(check, 8080));
      assert.deepEqual(readProbes(compileProbes(once, 8080)), once);
    }),
  );
});
