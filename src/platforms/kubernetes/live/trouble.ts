import { imageTrouble, isImageReason } from './image-trouble.ts';
import { type Container, condition, type Pod } from './pod.ts';
import type { PodEvent } from './pod-events.ts';
import { requests } from './requests.ts';

/** Why a pod does not serve, and who has to act. */
export interface Trouble {
  readonly faultOf: 'app' | 'configuration' | 'cluster';
  readonly words: string;
  /** It does not pass by waiting. */
  readonly isFinal: boolean;
}

/** `fault of the cluster: no node takes a pod: 1 Insufficient cpu` */
export function told({ faultOf, words }: Trouble): string {
  return `fault of the ${faultOf}: ${words}`;
}

/** What keeps a pod from serving; undefined where it is only on its way. `events` the last one first. */
export function troubleOf(pod: Pod, events: readonly PodEvent[]): Trouble | undefined {
  return (
    lostTrouble(pod) ??
    schedulingTrouble(pod) ??
    first(pod.containers, (container) => waitingTrouble(container, events)) ??
    nodeTrouble(events) ??
    first(pod.containers, (container) => probeTrouble(container, events)) ??
    storageTrouble(pod, events)
  );
}

/** The node gave the pod up: no fault of what runs in it. */
export function lostTrouble({ name, phase, reason, message, conditions }: Pod): Trouble | undefined {
  const disruption = condition(conditions, 'DisruptionTarget');
  if (disruption?.['status'] === 'True')
    return cluster(`pod ${name} was taken away: ${String(disruption['message'] ?? disruption['reason'])}`);
  if (phase !== 'Failed' || reason === '' || reason === 'Error') return undefined;
  return cluster(`pod ${name} was ended (${reason})${message === '' ? '' : `: ${message.trim()}`}`);
}

function schedulingTrouble(pod: Pod): Trouble | undefined {
  const scheduled = condition(pod.conditions, 'PodScheduled');
  if (scheduled?.['status'] !== 'False') return undefined;
  const gated = scheduled['reason'] === 'SchedulingGated';
  const message = String(scheduled['message'] ?? '').replace(/\s*(preemption:.*|no new claims.*)$/s, '');
  if (gated) return cluster(`pod ${pod.name} is held back by a scheduling gate: ${message}`);
  return cluster(`no node takes pod ${pod.name}, which asks for ${requests(pod)}: ${message}`);
}

/** https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/kubelet_pods.go and images/types.go */
function waitingTrouble(
  { name, waiting, ended, endedBefore }: Container,
  events: readonly PodEvent[],
): Trouble | undefined {
  if (!waiting) return undefined;
  const { reason, message } = waiting;
  if (isImageReason(reason)) return imageTrouble(waiting, events);
  if (reason === 'CreateContainerConfigError' || reason === 'CreateContainerError')
    return {
      faultOf: 'configuration',
      words: `container ${name} cannot be made: ${message}`,
      isFinal: false,
    };
  const neverRan = !ended && !endedBefore;
  if (reason === 'RunContainerError' && neverRan)
    return {
      faultOf: 'configuration',
      words: `container ${name} cannot be started: ${message}`,
      isFinal: false,
    };
  return undefined;
}

/** Probes answer in events only. */
function probeTrouble(
  { isReady, runningSince }: Container,
  events: readonly PodEvent[],
): Trouble | undefined {
  if (isReady || runningSince === undefined) return undefined;
  const probe = events.find(({ reason, at }) => reason === 'Unhealthy' && at >= runningSince);
  return probe && { faultOf: 'app', words: lowered(probe.message), isFinal: false };
}

function nodeTrouble(events: readonly PodEvent[]): Trouble | undefined {
  const lost = events.find(({ reason }) => reason === 'NodeNotReady');
  return lost && cluster(`its node is not ready: ${lost.message}`);
}

const storageReasons = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'VolumeResizeFailed',
]);
const otherReasons = new Set([
  'FailedCreatePodSandBox',
  'NetworkNotReady',
  'FailedCreatePodContainer',
  'FailedKillPod',
]);

/** Before its containers are made: volumes, network. What passed since is no trouble any more. */
function storageTrouble({ containers }: Pod, events: readonly PodEvent[]): Trouble | undefined {
  if (containers.some((one) => one.runningSince !== undefined || one.ended || one.endedBefore))
    return undefined;
  const event = events.find(({ reason }) => storageReasons.has(reason) || otherReasons.has(reason));
  if (!event) return undefined;
  const missing = /(secret|configmap) "[^"]+" not found/.exec(event.message);
  if (missing)
    return { faultOf: 'configuration', words: `a volume cannot be mounted: ${missing[0]}`, isFinal: false };
  const what = storageReasons.has(event.reason) ? 'a volume cannot be mounted' : 'the node cannot begin';
  return cluster(`${what}: ${event.message}`);
}

function cluster(words: string): Trouble {
  return { faultOf: 'cluster', words, isFinal: false };
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function first<T>(all: readonly T[], look: (one: T) => Trouble | undefined): Trouble | undefined {
  for (const one of all) {
    const found = look(one);
    if (found) return found;
  }
  return undefined;
}
