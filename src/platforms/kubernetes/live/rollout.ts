import type { App, Service } from '../../../model/app.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, list, number, record, text } from '../../json.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import { type Container, ownContainer, type Pod, podOf, timeOf } from './pod.ts';
import { ofServices } from './selectors.ts';

/** One Deployment as it is now, with what it made. */
export interface Rollout {
  readonly wanted: Wanted;
  /** Undefined where there is none. */
  readonly live: Json | undefined;
  /** Of the wanted version; undefined until the controller has made it. */
  readonly set: ReplicaSet | undefined;
  /** Pods of the wanted version, and of all others, that are not being ended. */
  readonly current: readonly Member[];
  readonly old: readonly Pod[];
  readonly ending: readonly Pod[];
  /** Pods of the wanted version that are lost. */
  readonly lost: readonly Pod[];
}

/** A pod with the container that is the service. */
export interface Member {
  readonly pod: Pod;
  readonly container: Container | undefined;
}

export interface ReplicaSet {
  readonly uid: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Why it cannot make pods, as the API says it; undefined where it can. */
  readonly refusal: string | undefined;
}

/** A service with the Deployment that it is to be. */
export interface Wanted {
  readonly service: Service;
  readonly object: NativeObject;
}

/** All Deployments of an app as they are, with one request each and two for all. */
export async function rolloutsOf(
  cluster: Cluster,
  app: App,
  wanted: readonly Wanted[],
  signal?: AbortSignal,
): Promise<readonly Rollout[] | Failure> {
  if (wanted.length === 0) return [];
  const names = wanted.map(({ service }) => service.name);
  const query = { labels: ofServices(app.name, names), signal };
  const [sets, pods, ...deployments] = await Promise.all([
    cluster.list(others.ReplicaSet, query),
    cluster.list(others.Pod, query),
    ...wanted.map(({ object }) => cluster.get(kinds.Deployment, object.id, signal)),
  ]);
  if (isFailure(sets)) return sets;
  if (isFailure(pods)) return pods;
  const bodies = pods.map(podOf);
  const rollouts: Rollout[] = [];
  for (const [at, one] of wanted.entries()) {
    const live = deployments[at];
    if (isFailure(live)) return live;
    rollouts.push(rolloutOf(one, live, sets, bodies));
  }
  return rollouts;
}

/** Whether the controller has taken notice of what was written last. */
export function isObserved(live: Json): boolean {
  const generation = number(record(live['metadata'])['generation']) ?? 0;
  return (number(record(live['status'])['observedGeneration']) ?? 0) >= generation;
}

/** Observed, updated, available, and nothing left of what was before. */
export function isComplete({ live }: Rollout): boolean {
  if (!live || !isObserved(live)) return false;
  const status = record(live['status']);
  const count = (key: string) => number(status[key]) ?? 0;
  const wanted = number(record(live['spec'])['replicas']) ?? 1;
  return ['updatedReplicas', 'replicas', 'availableReplicas'].every((key) => count(key) === wanted);
}

function rolloutOf(
  wanted: Wanted,
  live: Json | undefined,
  sets: readonly Json[],
  pods: readonly Pod[],
): Rollout {
  const own = live ? sets.filter((set) => isMadeBy(set, live)) : [];
  const uids = new Set(own.map((set) => text(record(set['metadata'])['uid'])));
  const set = live && isObserved(live) ? newest(own, live) : undefined;
  const all = pods.filter(({ owner }) => uids.has(owner));
  const staying = all.filter((pod) => !pod.isEnding && pod.phase !== 'Failed' && pod.phase !== 'Succeeded');
  const current = staying.filter(({ owner }) => owner === set?.uid);
  return {
    wanted,
    live,
    set,
    current: current.map((pod) => ({ pod, container: ownContainer(pod, containerName(live)) })),
    old: set ? staying.filter(({ owner }) => owner !== set.uid) : [],
    ending: all.filter(({ isEnding }) => isEnding),
    lost: all.filter((pod) => pod.owner === set?.uid && (pod.isEnding || pod.phase === 'Failed')),
  };
}

function containerName(live: Json | undefined): string {
  const template = record(record(record(live?.['spec'])['template'])['spec']);
  return text(list(template['containers'])[0]?.['name']) ?? '';
}

function isMadeBy(set: Json, deployment: Json): boolean {
  const uid = record(deployment['metadata'])['uid'];
  return list(record(set['metadata'])['ownerReferences']).some((owner) => owner['uid'] === uid);
}

const revision = 'deployment.kubernetes.io/revision';

/** The controller numbers its ReplicaSets; that of the wanted version has the Deployment's own number. */
function newest(sets: readonly Json[], deployment: Json): ReplicaSet | undefined {
  const numberOf = (body: Json) => record(record(body['metadata'])['annotations'])[revision];
  const found = sets.find((set) => numberOf(set) === numberOf(deployment));
  if (!found) return undefined;
  const metadata = record(found['metadata']);
  const failure = list(record(found['status'])['conditions']).find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  );
  return {
    uid: text(metadata['uid']) ?? '',
    createdAt: timeOf(metadata['creationTimestamp']),
    refusal: failure && (text(failure['message']) ?? text(failure['reason']) ?? ''),
  };
}
