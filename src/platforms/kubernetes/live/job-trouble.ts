import type { Cluster } from '../cluster.ts';
import type { Pod } from './pod.ts';
import { eventsOf } from './pod-events.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** Why the pod of a task has not begun; undefined for one that has, or is about to. */
export async function jobTrouble(
  cluster: Cluster,
  pod: Pod,
  signal?: AbortSignal,
): Promise<Trouble | undefined> {
  if (pod.phase !== 'Pending' || pod.isEnding) return undefined;
  const isWaiting = pod.containers.some(({ waiting }) => waiting && waiting.reason !== 'ContainerCreating');
  return isWaiting ? troubleOf(pod, await eventsOf(cluster, pod.uid, signal)) : undefined;
}
