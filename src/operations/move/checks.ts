import { isFailure } from '../../model/failure.ts';
import type { Gate } from '../../model/move.ts';
import type { Verdict } from '../../moves/gate.ts';
import type { Stage } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { Site } from './site.ts';

const commandMs = 60_000;
const queryMs = 10_000;

/** What the checks said, and when, ms since 1970. */
export interface Checked {
  readonly at: number;
  readonly verdict: Verdict | undefined;
}

export interface Checking {
  readonly signal: AbortSignal;
  /** By stage: what is known is not asked again, and what nobody answered not at once. */
  readonly checks: Map<string, Checked>;
}

/** How long after nobody has answered it is asked again, ms. */
const againMs = 5_000;

/**
 * The checks that rehome.yaml names for the end of a stage, all of them, once. A command that takes too long, or a
 * Prometheus that does not answer, is no verdict: the stage is held. Undefined where there are none, or all are content.
 */
export async function checkStage(
  site: Site,
  begun: BegunMove,
  stage: Stage,
  { signal, checks }: Checking,
): Promise<Verdict | undefined> {
  const now = site.wired.host.clock.now();
  const key = `${stage.share} ${stage.since}`;
  const known = checks.get(key);
  if (known && (!known.verdict?.unanswered || now - known.at < againMs)) return known.verdict;
  const { commands, queries } = begun.plan.gate;
  const verdicts = await Promise.all([
    ...commands.map((command) => runCommand(site, begun, stage, { ...command, signal })),
    ...queries.map((query) => ask(site, { ...query, signal })),
  ]);
  const verdict =
    verdicts.find((one) => one?.verdict === 'fail') ?? verdicts.find((one) => one !== undefined);
  if (!signal.aborted) checks.set(key, { at: now, verdict });
  return verdict;
}

interface Stoppable {
  readonly signal: AbortSignal;
}

async function runCommand(
  { wired }: Site,
  { app, environment, from, to }: BegunMove,
  { share }: Stage,
  { name, exec, signal }: Gate['commands'][number] & Stoppable,
): Promise<Verdict | undefined> {
  const exit = await wired.host.processes.run(exec, {
    cwd: wired.workspace.root,
    env: { APP: app, ENVIRONMENT: environment, FROM: from, TO: to, SHARE: `${share}` },
    timeoutMs: commandMs,
    signal,
  });
  if (exit.code === 0) return undefined;
  if (exit.timedOut || signal.aborted) return unanswered(`${name} took more than ${commandMs / 1000} s`);
  return { verdict: 'fail', why: `${name} ended with ${exit.signal ?? `exit code ${exit.code}`}` };
}

async function ask(
  { wired }: Site,
  { name, prometheus, query, max, signal }: Gate['queries'][number] & Stoppable,
): Promise<Verdict | undefined> {
  const url = new URL('api/v1/query', prometheus.endsWith('/') ? prometheus : `${prometheus}/`);
  url.searchParams.set('query', query);
  const answer = await wired.host.http.request({ url: url.href, timeoutMs: queryMs, signal });
  if (isFailure(answer)) return unanswered(`${name}: ${answer.message}`);
  if (answer.status !== 200) return unanswered(`${name}: Prometheus answers ${answer.status}`);
  const value = firstValue(answer.body);
  if (value === undefined) return unanswered(`${name}: the query has no value`);
  if (value <= max) return undefined;
  return { verdict: 'fail', why: `${name} is ${value}, at most ${max} may be` };
}

function unanswered(why: string): Verdict {
  return { verdict: 'inconclusive', why, unanswered: true };
}

/** The first value of an instant vector, or a scalar: https://prometheus.io/docs/prometheus/latest/querying/api/. */
function firstValue(body: string): number | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: { result?: unknown } };
    const result = data?.result;
    const first = Array.isArray(result) ? (result[0] as { value?: unknown } | string | undefined) : undefined;
    const pair = typeof first === 'object' ? first.value : result;
    const value = Number(Array.isArray(pair) ? pair[1] : Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
