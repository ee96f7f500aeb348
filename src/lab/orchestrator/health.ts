import type { HealthCheckSpec, HealthResult } from './orchestrator.ts';
import type { ProbeOutcome } from './probe.ts';

/** What one more answer makes of the results before. `counted`: a failure that is not forgiven by the grace. */
export interface HealthStep {
  readonly result: HealthResult;
  readonly counted: boolean;
  /** Bad for so long that the instance is to be killed. */
  readonly kill: boolean;
}

/** As Marathon's HealthCheckActor: the grace forgives failures only until the first success. Times in ms since 1970. */
export function healthStep(
  before: HealthResult | undefined,
  outcome: ProbeOutcome,
  check: HealthCheckSpec,
  startedAt: number,
  now: number,
): HealthStep {
  const known = before ?? { alive: false, consecutiveFailures: 0 };
  if (outcome.kind === 'ignored') return { result: known, counted: false, kill: false };
  if (outcome.kind === 'good') {
    const result = {
      ...known,
      alive: true,
      consecutiveFailures: 0,
      firstSuccess: known.firstSuccess ?? now,
      lastSuccess: now,
    };
    return { result, counted: false, kill: false };
  }
  if (known.firstSuccess === undefined && now - startedAt < check.graceMs) {
    return { result: known, counted: false, kill: false };
  }
  const consecutiveFailures = known.consecutiveFailures + 1;
  const result = {
    ...known,
    alive: false,
    consecutiveFailures,
    lastFailure: now,
    lastFailureCause: outcome.cause,
  };
  return { result, counted: true, kill: check.killAfter > 0 && consecutiveFailures >= check.killAfter };
}

/** The first check comes after this time, in ms. */
export function firstCheckMs(check: HealthCheckSpec): number {
  return Math.min(check.intervalMs, 5_000);
}

/** The port that a check looks at; undefined where it cannot be told, which is never healthy. */
export function portToCheck(check: HealthCheckSpec, ports: readonly number[]): number | undefined {
  if (check.port !== undefined) return check.port;
  if (check.portIndex !== undefined) return ports[check.portIndex];
  return ports.length === 1 ? ports[0] : undefined;
}
