import { flag, type Json, list, number, record, text } from '../../json.ts';

/** What matters of a pod, out of https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  /** Uid of what made it: a ReplicaSet, a Job. */
  readonly owner: string;
  readonly ownerKind: string;
  readonly ownerName: string;
  readonly phase: string;
  /** Why it failed as a whole: `Evicted`, `NodeShutdown`. */
  readonly reason: string;
  readonly message: string;
  readonly isEnding: boolean;
  /** When its grace is over, ms since 1970; 0 where it is not ending. */
  readonly endsBy: number;
  readonly isReady: boolean;
  readonly ip: string | undefined;
  /** Address of the node it is on. */
  readonly hostIp: string | undefined;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly conditions: readonly Json[];
  /** Those that run before the others come first. */
  readonly containers: readonly Container[];
  readonly spec: Json;
}

export interface Container {
  readonly name: string;
  /** Times that it was started again. */
  readonly restarts: number;
  readonly isReady: boolean;
  /** ms since 1970, where it runs. */
  readonly runningSince: number | undefined;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  /** How it ended, where it does not run now, and how it ended the time before. */
  readonly ended: Ended | undefined;
  readonly endedBefore: Ended | undefined;
}

export interface Ended {
  readonly exitCode: number;
  readonly signal: number;
  /** `OOMKilled`, `StartError`, `Error`, `Completed`. */
  readonly reason: string;
  readonly message: string;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

export function podOf(body: Json): Pod {
  const metadata = record(body['metadata']);
  const status = record(body['status']);
  const conditions = list(status['conditions']);
  const owner = list(metadata['ownerReferences']).find((one) => flag(one['controller']) === true);
  return {
    name: text(metadata['name']) ?? '',
    uid: text(metadata['uid']) ?? '',
    owner: text(owner?.['uid']) ?? '',
    ownerKind: text(owner?.['kind']) ?? '',
    ownerName: text(owner?.['name']) ?? '',
    phase: text(status['phase']) ?? '',
    reason: text(status['reason']) ?? '',
    message: text(status['message']) ?? '',
    isEnding: metadata['deletionTimestamp'] !== undefined,
    endsBy: timeOf(metadata['deletionTimestamp']),
    isReady: condition(conditions, 'Ready')?.['status'] === 'True',
    ip: text(status['podIP']),
    hostIp: text(status['hostIP']),
    createdAt: timeOf(metadata['creationTimestamp']),
    conditions,
    containers: [...list(status['initContainerStatuses']), ...list(status['containerStatuses'])].map(
      container,
    ),
    spec: record(body['spec']),
  };
}

export function condition(conditions: readonly Json[], type: string): Json | undefined {
  return conditions.find((one) => one['type'] === type);
}

/** ms since 1970; 0 for none. */
export function timeOf(value: unknown): number {
  return Date.parse(text(value) ?? '') || 0;
}

/** Of a pod of ours the one container that a model speaks of; others are put in by the cluster. */
export function ownContainer(pod: Pod, name: string): Container | undefined {
  return pod.containers.find((one) => one.name === name) ?? pod.containers.at(-1);
}

function container(status: Json): Container {
  const state = record(status['state']);
  const waiting = state['waiting'] === undefined ? undefined : record(state['waiting']);
  const running = state['running'] === undefined ? undefined : record(state['running']);
  return {
    name: text(status['name']) ?? '',
    restarts: number(status['restartCount']) ?? 0,
    isReady: status['ready'] === true,
    runningSince: running && timeOf(running['startedAt']),
    waiting: waiting && { reason: text(waiting['reason']) ?? '', message: text(waiting['message']) ?? '' },
    ended: ended(state['terminated']),
    endedBefore: ended(record(status['lastState'])['terminated']),
  };
}

function ended(value: unknown): Ended | undefined {
  if (value === undefined) return undefined;
  const state = record(value);
  return {
    exitCode: number(state['exitCode']) ?? 0,
    signal: number(state['signal']) ?? 0,
    reason: text(state['reason']) ?? '',
    message: text(state['message']) ?? '',
    startedAt: timeOf(state['startedAt']),
    finishedAt: timeOf(state['finishedAt']),
  };
}
