import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import type { LogLine, LogQuery } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import type { Live } from './live.ts';
import { type Merge, merge } from './merge.ts';
import { type Container, type Pod, podOf } from './pod.ts';
import { ofApp, subject } from './selectors.ts';

/** New pods are looked for this often without watches, ms; with them now and then all the same. */
const pollMs = 1_000;
const refreshMs = 30_000;

/** See `Home.logs`: of every pod the last lines, and whatever it and those that join say from then on. */
export async function* logs(live: Live, query: LogQuery): AsyncIterable<LogLine | Failure> {
  const { cluster } = live;
  const { app, tail, follow, signal } = query;
  const runs = await runsOf(cluster, app, signal);
  if (isFailure(runs)) return yield runs;
  if (runs.length === 0 && !follow) {
    const failure = await whyNothing(cluster, app, signal);
    if (failure) yield failure;
    return;
  }
  if (follow) return yield* followed(live, query, runs);
  for (const run of runs) yield* linesOf(cluster, run, { tail, signal });
}

/** One run of a container: started again it is another one, whose lines are new. */
interface Run {
  readonly id: string;
  readonly pod: string;
  readonly container: string;
}

async function* followed(
  live: Live,
  { app, tail, signal }: LogQuery,
  first: readonly Run[],
): AsyncIterable<LogLine | Failure> {
  const stop = new AbortController();
  const until = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const lines = merge<LogLine | Failure>();
  const known = new Set<string>();
  const join = (runs: readonly Run[], more: { tail?: number }) => {
    for (const run of runs.filter(({ id }) => !known.has(id))) {
      known.add(run.id);
      lines.add(linesOf(live.cluster, run, { ...more, follow: true, signal: until }));
    }
  };
  join(first, { tail });
  until.addEventListener('abort', () => lines.end());
  if (until.aborted) lines.end();
  void joinLater(live, app, (runs) => join(runs, {}), lines, until);
  try {
    yield* lines.values;
  } finally {
    stop.abort();
  }
}

/** Pods that come later are read from their beginning. */
async function joinLater(
  { cluster, clock, listener }: Live,
  app: string,
  join: (runs: readonly Run[]) => void,
  lines: Merge<LogLine | Failure>,
  signal: AbortSignal,
): Promise<void> {
  let wake = new AbortController();
  const close = listener.listen((news) => {
    if (news.type !== 'event' || news.subjects.includes(subject(app))) wake.abort();
  });
  while (!signal.aborted) {
    await clock.sleep(listener.connected() ? refreshMs : pollMs, AbortSignal.any([signal, wake.signal]));
    if (signal.aborted) break;
    wake = new AbortController();
    const runs = await runsOf(cluster, app, signal);
    if (!isFailure(runs)) join(runs);
    else if (!signal.aborted) lines.push(runs);
  }
  close();
}

async function* linesOf(
  cluster: Cluster,
  { pod, container }: Run,
  query: { readonly tail?: number; readonly follow?: boolean; readonly signal?: AbortSignal | undefined },
): AsyncIterable<LogLine | Failure> {
  for await (const line of cluster.log(pod, { container, ...query })) {
    if (!isFailure(line)) yield { source: pod, line };
    // A pod that goes away takes its log with it.
    else if (line.found !== 'HTTP 404' && !query.signal?.aborted) yield line;
  }
}

/** Containers of the app's services that have something to tell, the oldest pod first; not those of crons and tasks. */
async function runsOf(
  cluster: Cluster,
  app: string,
  signal?: AbortSignal,
): Promise<readonly Run[] | Failure> {
  const found = await cluster.list(others.Pod, { labels: ofApp(app), signal });
  if (isFailure(found)) return found;
  return found
    .map(podOf)
    .filter(({ ownerKind }) => ownerKind === 'ReplicaSet')
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .flatMap((pod) => pod.containers.filter(hasBegun).map((container) => runOf(pod, container)));
}

function runOf({ name, uid }: Pod, { name: container, restarts }: Container): Run {
  return { id: `${uid} ${container} ${restarts}`, pod: name, container };
}

function hasBegun({ runningSince, ended, endedBefore }: Container): boolean {
  return runningSince !== undefined || ended !== undefined || endedBefore !== undefined;
}

/** Nothing has begun yet, or nothing is there at all. */
async function whyNothing(cluster: Cluster, app: string, signal?: AbortSignal): Promise<undefined | Failure> {
  const deployments = await cluster.list(kinds.Deployment, { labels: ofApp(app), signal });
  if (isFailure(deployments)) return deployments;
  if (deployments.length > 0) return undefined;
  return fail('unknown-app', `Nothing runs under the name ${app} here.`);
}
