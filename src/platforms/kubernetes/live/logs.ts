import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import type { LogLine, LogQuery } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { kinds } from '../kinds.ts';
import type { Live } from './live.ts';
import { followRun, type Run, runsOf } from './log-runs.ts';
import { merge } from './merge.ts';
import { ofApp, subject } from './selectors.ts';

/** New pods are looked for this often without watches, ms; with them now and then all the same. */
const pollMs = 1_000;
const refreshMs = 30_000;

/** See `Home.logs`: of every pod the last lines, and whatever it and those that join say from then on. */
export async function* logs(live: Live, query: LogQuery): AsyncIterable<LogLine | Failure> {
  if (query.follow) yield* followed(live, query);
  else yield* last(live.cluster, query);
}

async function* last(cluster: Cluster, { app, tail, signal }: LogQuery): AsyncIterable<LogLine | Failure> {
  const runs = await runsOf(cluster, app, signal);
  if (isFailure(runs)) return yield runs;
  for (const { pod, container } of runs) {
    for await (const line of cluster.log(pod, { container, tail, signal })) {
      if (!isFailure(line)) yield { source: pod, line };
      else if (line.found !== 'HTTP 404') yield line;
    }
  }
  const failure = runs.length === 0 ? await whyNothing(cluster, app, signal) : undefined;
  if (failure) yield failure;
}

/** Pods are looked for again whenever something is heard of the app, and when a stream has ended. */
async function* followed(
  { cluster, clock, listener }: Live,
  { app, tail, signal }: LogQuery,
): AsyncIterable<LogLine | Failure> {
  const leave = new AbortController();
  const until = signal ? AbortSignal.any([signal, leave.signal]) : leave.signal;
  const lines = merge<LogLine | Failure>();
  const open = new Set<string>();
  const places = new Map<string, { time?: string }>();
  let wake = new AbortController();
  const close = listener.listen((news) => {
    if (news.type !== 'event' || news.subjects.includes(subject(app))) wake.abort();
  });

  async function* follow(run: Run, first: number | undefined): AsyncIterable<LogLine | Failure> {
    const place = places.get(run.id) ?? {};
    places.set(run.id, place);
    yield* followRun(cluster, run, place, { tail: first, signal: until });
    // Cut, it is begun again after a breath; otherwise there is nothing to come.
    await clock.sleep(pollMs, until);
    open.delete(run.id);
    wake.abort();
  }

  function join(runs: readonly Run[], isFirst: boolean): void {
    for (const run of runs) {
      if (open.has(run.id) || (places.has(run.id) && !run.isRunning)) continue;
      open.add(run.id);
      lines.add(follow(run, isFirst ? tail : undefined));
    }
  }

  async function look(): Promise<void> {
    for (let isFirst = true; !until.aborted; isFirst = false) {
      wake = new AbortController();
      const runs = await runsOf(cluster, app, until);
      if (!isFailure(runs)) join(runs, isFirst);
      else if (!until.aborted) lines.push(runs);
      await clock.sleep(listener.connected() ? refreshMs : pollMs, AbortSignal.any([until, wake.signal]));
    }
    lines.end();
  }

  void look();
  try {
    yield* lines.values;
  } finally {
    leave.abort();
    close();
  }
}

/** Nothing has begun yet, or nothing is there at all. */
async function whyNothing(cluster: Cluster, app: string, signal?: AbortSignal): Promise<undefined | Failure> {
  const deployments = await cluster.list(kinds.Deployment, { labels: ofApp(app), signal });
  if (isFailure(deployments)) return deployments;
  if (deployments.length > 0) return undefined;
  return fail('unknown-app', `Nothing runs under the name ${app} here.`);
}
