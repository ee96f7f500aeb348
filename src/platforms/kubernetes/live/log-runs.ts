import { type Failure, isFailure } from '../../../model/failure.ts';
import type { LogLine } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { others } from '../kinds.ts';
import { type Container, type Pod, podOf } from './pod.ts';
import { ofApp } from './selectors.ts';

/** One run of a container: started again it is another one, whose lines are new. */
export interface Run {
  readonly id: string;
  readonly pod: string;
  readonly container: string;
  readonly isRunning: boolean;
}

/** Runs of the app's services that have something to tell, the oldest pod first; not those of crons and tasks. */
export async function runsOf(
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

/**
 * Lines of a run from `place` on, which moves along: called again after the stream was cut, it goes on behind the
 * last line that was told.
 */
export async function* followRun(
  cluster: Cluster,
  { pod, container }: Run,
  place: { time?: string },
  { tail, signal }: { readonly tail: number | undefined; readonly signal: AbortSignal },
): AsyncIterable<LogLine | Failure> {
  const from = place.time;
  const begin =
    from === undefined ? { ...(tail === undefined ? {} : { tail }) } : { sinceTime: second(from) };
  const query = { container, follow: true, timestamps: true, signal, ...begin };
  for await (const found of cluster.log(pod, query)) {
    if (isFailure(found)) {
      // A pod that goes takes its log with it; a stream that is cut is begun again.
      if (found.found !== 'HTTP 404' && found.code !== 'unreachable' && !signal.aborted) yield found;
      continue;
    }
    const blank = found.indexOf(' ');
    const time = found.slice(0, blank);
    if (from !== undefined && time <= from) continue;
    place.time = time;
    yield { source: pod, line: found.slice(blank + 1) };
  }
}

/** The API takes whole seconds. */
function second(time: string): string {
  return time.replace(/\.\d+/, '');
}

function runOf({ name, uid }: Pod, { name: container, restarts, runningSince }: Container): Run {
  return {
    id: `${uid} ${container} ${restarts}`,
    pod: name,
    container,
    isRunning: runningSince !== undefined,
  };
}

function hasBegun({ runningSince, ended, endedBefore }: Container): boolean {
  return runningSince !== undefined || ended !== undefined || endedBefore !== undefined;
}
