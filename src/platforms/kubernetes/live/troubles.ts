import type { Clock } from '../../../host/host.ts';
import type { Live } from './live.ts';
import { eventsOf } from './pod-events.ts';
import type { EventsByPod } from './pod-failures.ts';
import { refusalTrouble } from './refusal.ts';
import type { Member, Rollout } from './rollout.ts';
import { lostTrouble, type Trouble, troubleOf } from './trouble.ts';

/** A pod that is younger is just being started, ms. */
const youthMs = 2_000;
/** So many pods are asked about; the others mostly have the same to say. */
const mostAsked = 3;

export interface Troubles {
  readonly troubles: readonly Trouble[];
  readonly events: EventsByPod;
}

/** What keeps a rollout from going on. Events are asked for only where something looks wrong. */
export async function troublesOf(
  { cluster, clock }: Pick<Live, 'cluster' | 'clock'>,
  { set, current, lost }: Rollout,
  signal?: AbortSignal,
): Promise<Troubles> {
  const waiting = current.filter(({ pod }) => !pod.isReady);
  const asked = waiting.filter((member) => looksWrong(member, clock)).slice(0, mostAsked);
  const answers = await Promise.all(
    asked.map(async ({ pod }) => [pod.uid, await eventsOf(cluster, pod.uid, signal)] as const),
  );
  const events = new Map(answers);
  const refusal = set?.refusal === undefined ? [] : [refusalTrouble(set.refusal)];
  const troubles = waiting.flatMap(({ pod }) => troubleOf(pod, events.get(pod.uid) ?? []) ?? []);
  return { troubles: [...refusal, ...troubles, ...lost.flatMap((pod) => lostTrouble(pod) ?? [])], events };
}

function looksWrong({ pod, container }: Member, clock: Clock): boolean {
  if (container?.restarts || container?.ended) return true;
  const isMade =
    !container?.waiting || /^(ContainerCreating|PodInitializing)$/.test(container.waiting.reason);
  // A clock that is off makes them old, not young.
  const since = container?.runningSince ?? pod.createdAt;
  return !isMade || Math.abs(clock.now() - since) >= youthMs;
}
