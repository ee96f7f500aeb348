import { isFailure } from '../../model/failure.ts';
import type { Gate } from '../../model/move.ts';
import type { Verdict } from '../../moves/gate.ts';
import type { Stage } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { Site } from './site.ts';

const commandMs = 60_000;
const queryMs = 10_000;

/**
 * The checks that rehome.yaml names for the end of a stage, all of them. A command that takes too long, or a Prometheus
 * that does not answer, is no verdict: the stage is held. Undefined where there are none, or all are content.
 */
export async function checkStage(site: Site, begun: BegunMove, stage: Stage): Promise<Verdict | undefined> {
  const { commands, queries } = begun.plan.gate;
  const verdicts = await Promise.all([
    ...commands.map((command) => runCommand(site, begun, stage, command)),
    ...queries.map((query) => ask(site, query)),
  ]);
  return verdicts.find((one) => one?.verdict === 'fail') ?? verdicts.find((one) => one !== undefined);
}

async function runCommand(
  { wired }: Site,
  { app, environment, from, to }: BegunMove,
  { share }: Stage,
  { name, exec }: Gate['commands'][number],
): Promise<Verdict | undefined> {
  const exit = await wired.host.processes.run(exec, {
    cwd: wired.workspace.root,
    env: { APP: app, ENVIRONMENT: environment, FROM: from, TO: to, SHARE: `${share}` },
    timeoutMs: commandMs,
  });
  if (exit.code === 0) return undefined;
  if (exit.timedOut) return unanswered(`${name} took more than ${commandMs / 1000} s`);
  return { verdict: 'fail', why: `${name} ended with ${exit.signal ?? `exit code ${exit.code}`}` };
}

async function ask(
  { wired }: Site,
  { name, prometheus, query, max }: Gate['queries'][number],
): Promise<Verdict | undefined> {
  const url = new URL('api/v1/query', prometheus.endsWith('/') ? prometheus : `${prometheus}/`);
  url.searchParams.set('query', query);
  const answer = await wired.host.http.request({ url: url.href, timeoutMs: queryMs });
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
