import { percentile } from '../edges/latency.ts';
import type { Gate, GateVerdict } from '../model/move.ts';
import type { Traffic } from './figures.ts';

/** What is known of both homes over one window. */
export interface Evidence {
  readonly from: Traffic;
  readonly to: Traffic;
  /** The old home's own figures from when it had traffic. */
  readonly baseline?: Traffic;
  /** Instances that the new home replaced; undefined where it does not tell. */
  readonly restarts?: number;
}

export interface Verdict {
  readonly verdict: GateVerdict;
  /** With the figures: `0.2 % errors of 1,204, p99 12 ms (old home 11 ms)`. */
  readonly why: string;
  /** A check that somebody asked for could not be made, so that few requests are not the reason. */
  readonly unanswered?: true;
}

/** One error may be anybody's. */
const leastErrors = 2;

/** New against old, over the same window; where the old home has no traffic any more, against what it had. */
export function judge(gate: Gate, evidence: Evidence): Verdict {
  const old =
    evidence.from.requests >= gate.minRequests ? evidence.from : (evidence.baseline ?? evidence.from);
  const failed =
    tooManyRestarts(gate, evidence) ?? tooManyErrors(gate, evidence, old) ?? tooSlow(gate, evidence.to, old);
  if (failed) return { verdict: 'fail', why: failed };
  const asked = askedOf(evidence);
  if (asked.requests < gate.minRequests) {
    return {
      verdict: 'inconclusive',
      why: `${asked.requests} of the ${gate.minRequests} requests that a verdict wants`,
    };
  }
  return { verdict: 'pass', why: figures(gate, evidence, old) };
}

function tooManyRestarts(gate: Gate, { restarts = 0 }: Evidence): string | undefined {
  if (restarts <= gate.restarts) return undefined;
  return `${restarts} ${restarts === 1 ? 'instance was' : 'instances were'} replaced, at most ${gate.restarts} may be`;
}

function tooManyErrors(gate: Gate, evidence: Evidence, old: Traffic): string | undefined {
  const { requests, errors } = askedOf(evidence);
  const allowed = rate(old) + gate.errorPercent;
  const found = (errors / Math.max(requests, gate.minRequests, 1)) * 100;
  if (errors < leastErrors || found <= allowed) return undefined;
  return `${percent(found)} errors (${errors} of ${requests}), at most ${percent(allowed)} may be`;
}

/** What the new home was asked and could not answer at all, the old one took over. */
function askedOf({ from, to }: Evidence): { readonly requests: number; readonly errors: number } {
  return { requests: to.requests + from.overflow, errors: to.errors + from.overflow };
}

function rate({ requests, errors }: Traffic): number {
  return requests === 0 ? 0 : (errors / requests) * 100;
}

/**
 * More requests beyond the bound than a percentile allows, and more than chance would have it (three standard
 * deviations): of a hundred requests the slowest one tells nothing.
 */
function tooSlow(gate: Gate, to: Traffic, old: Traffic): string | undefined {
  const rest = (100 - gate.percentile) / 100;
  if (
    to.requests < gate.minRequests ||
    old.requests < Math.max(gate.minRequests, 1 / Math.max(rest, 0.0001))
  ) {
    return undefined;
  }
  const before = percentile(old.latencies, gate.percentile);
  const found = percentile(to.latencies, gate.percentile);
  if (found === undefined || before === undefined) return undefined;
  const allowed = before * gate.latencyFactor + gate.latencySlackMs;
  const slow = to.latencies.reduce((sum, [atMostMs, count]) => (atMostMs > allowed ? sum + count : sum), 0);
  const expected = to.requests * rest;
  if (slow <= expected + 3 * Math.sqrt(expected) + 1) return undefined;
  const name = `p${gate.percentile}`;
  return `${name} is ${ms(found)}, at most ${ms(allowed)} may be (old home ${ms(before)})`;
}

function figures(gate: Gate, { to }: Evidence, old: Traffic): string {
  const errors = `${percent(rate(to))} errors of ${to.requests}`;
  const [now, before] = [to, old].map(({ latencies }) => percentile(latencies, gate.percentile));
  if (now === undefined) return errors;
  return `${errors}, p${gate.percentile} ${ms(now)}${before === undefined ? '' : ` (old home ${ms(before)})`}`;
}

function percent(value: number): string {
  return `${Math.round(value * 100) / 100} %`;
}

function ms(value: number): string {
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ms`;
}
