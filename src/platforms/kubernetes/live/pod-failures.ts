import type { Start, TaskFailure } from '../../failures.ts';
import { endedWords } from './ending.ts';
import type { Ended, Pod } from './pod.ts';
import type { PodEvent } from './pod-events.ts';
import { memoryLimit } from './requests.ts';
import type { Member } from './rollout.ts';

/** What happened to pods, by their uid. */
export type EventsByPod = ReadonlyMap<string, readonly PodEvent[]>;

/** How often a pod's container was started, as the failure counter wants it. */
export function startsOf({ pod, container }: Member): readonly Start[] {
  if (!container) return [];
  const hasEnded = container.ended !== undefined || container.waiting?.reason === 'CrashLoopBackOff';
  return [{ instance: pod.uid, incarnation: container.restarts + 1, hasEnded }];
}

/** The last end of a container among the pods, where it counts: not before `since`. */
export function lastFailure(
  members: readonly Member[],
  events: EventsByPod,
  since: number,
): TaskFailure | undefined {
  const ends = members.flatMap((member) => endOf(member, events));
  const [last] = ends
    .filter(({ ended }) => ended.finishedAt >= since)
    .sort((a, b) => b.ended.finishedAt - a.ended.finishedAt);
  return last && { task: last.task, message: last.message };
}

function endOf({ pod, container }: Member, events: EventsByPod) {
  const ended = container?.ended ?? container?.endedBefore;
  if (!container || !ended) return [];
  const message =
    killedBy(ended, events.get(pod.uid) ?? []) ?? endedWords(ended, memoryLimit(pod, container.name));
  // The same name that the counter gives this end.
  const [start] = startsOf({ pod, container });
  const count = (start?.incarnation ?? 1) - (start?.hasEnded ? 0 : 1);
  return [{ task: taskName(pod, count), message, ended }];
}

function taskName({ uid }: Pod, count: number): string {
  return `${uid}._app.${count}`;
}

/** The kubelet ends what does not answer its probes; how it ended says nothing then, the probe's answer does. */
function killedBy(ended: Ended, events: readonly PodEvent[]): string | undefined {
  const within = ({ at }: PodEvent) => at >= ended.startedAt && at <= ended.finishedAt + 1_000;
  const killing = events.find((event) => event.reason === 'Killing' && within(event));
  const probe = /failed (liveness|startup) probe/.exec(killing?.message ?? '')?.[1];
  if (probe === undefined) return undefined;
  const answer = events.find(
    ({ reason, message }) => reason === 'Unhealthy' && message.toLowerCase().startsWith(probe),
  );
  const words = answer ? answer.message.replace(/^\w+ probe failed: /, '') : 'no answer told';
  return `ended because its ${probe} probe failed: ${words}`;
}
