import { isFailure } from '../../../model/failure.ts';
import type { Failures } from '../../failures.ts';
import type { Readiness } from '../../platform.ts';
import type { Cluster, LogLines } from '../cluster.ts';
import { others } from '../kinds.ts';
import { type Container, ownContainer, type Pod, podOf } from './pod.ts';
import type { Member } from './rollout.ts';

const logLines = 20;

/** Last lines of that pod among the ill ones that failed last, else of one that runs and is not ready. */
export async function logOf(
  cluster: Cluster,
  members: readonly Member[],
  { last }: Failures,
  signal?: AbortSignal,
): Promise<Pick<Readiness, 'log'>> {
  const ill =
    members.find(({ pod }) => last?.task.startsWith(`${pod.uid}.`)) ??
    members.find(({ pod, container }) => container?.runningSince !== undefined && !pod.isReady);
  if (!ill?.container) return {};
  const log = await lastLines(cluster, ill.pod, ill.container, signal);
  return log.length > 0 ? { log } : {};
}

/** Of the container's last run that came to an end, where there was one: that of a fresh one says nothing yet. */
async function lastLines(
  cluster: Cluster,
  { name: pod }: Pod,
  { name: container, restarts, ended, endedBefore }: Container,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const query: LogLines = { container, tail: logLines, signal };
  const before = async () => await linesOf(cluster, pod, { ...query, previous: true });
  if (!ended && endedBefore) {
    const lines = await before();
    if (lines.length > 0) return lines;
  }
  const lines = await linesOf(cluster, pod, query);
  if (!ended) return lines;
  // Started again meanwhile, those were the first lines of the next run.
  const live = await cluster.get(others.Pod, pod, signal);
  const now = live && !isFailure(live) ? ownContainer(podOf(live), container) : undefined;
  return now && now.restarts > restarts ? await before() : lines;
}

export async function linesOf(cluster: Cluster, pod: string, query: LogLines): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of cluster.log(pod, query)) {
    if (!isFailure(line)) lines.push(line);
  }
  return lines;
}
