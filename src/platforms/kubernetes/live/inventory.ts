import { type Failure, isFailure } from '../../../model/failure.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, number, record, text } from '../../json.ts';
import type { Resident } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import { read } from '../read/read.ts';
import { stampsInAnnotations } from '../stamps.ts';
import type { Live } from './live.ts';
import { appOf } from './observe.ts';
import { podOf } from './pod.ts';

/** See `Home.inventory`: a list per kind, however many apps there are. */
export async function inventory(
  { cluster, target }: Pick<Live, 'cluster' | 'target'>,
  signal?: AbortSignal,
): Promise<readonly Resident[] | Failure> {
  const [deployments, crons] = await Promise.all([
    cluster.list(kinds.Deployment, { signal }),
    cluster.list(kinds.CronJob, { signal }),
  ]);
  if (isFailure(deployments)) return deployments;
  if (isFailure(crons)) return crons;
  const running = await runningPods(cluster, deployments, signal);
  if (isFailure(running)) return running;
  const objects = [...deployments, ...crons].filter(isStaying).map(objectOf);
  const { releases } = read(objects, target);
  const names = [...new Set(objects.flatMap((object) => appOf(object) ?? []))].sort();
  return names.map((app): Resident => {
    const own = objects.filter((object) => appOf(object) === app);
    const counts = own
      .filter(({ kind }) => kind === kinds.Deployment.kind)
      .map(({ body }) => countsOf(body, running));
    const suspended = own
      .filter((object) => object.kind === kinds.CronJob.kind && isOurs(object))
      .map(isSuspended);
    const release = releases[app];
    return {
      app,
      ...(release ? { release } : {}),
      wanted: sum(counts.map(({ wanted }) => wanted)),
      running: sum(counts.map((count) => count.running)),
      healthy: sum(counts.map(({ healthy }) => healthy)),
      ...(suspended.length > 0 ? { armed: suspended.includes(false) } : {}),
    };
  });
}

/** What is being deleted is gone, as far as anybody counts. */
function isStaying(live: Json): boolean {
  return record(live['metadata'])['deletionTimestamp'] === undefined;
}

function objectOf(body: Json): NativeObject {
  return { kind: String(body['kind']), id: nameOf(body), body };
}

function nameOf(body: Json): string {
  return text(record(body['metadata'])['name']) ?? '';
}

/** What others suspend or not says nothing about duty. */
function isOurs({ body }: NativeObject): boolean {
  return stampsInAnnotations(record(body['metadata'])['annotations'])['app'] !== undefined;
}

function isSuspended({ body }: NativeObject): boolean {
  return record(body['spec'])['suspend'] === true;
}

function countsOf({ metadata, spec, status }: Json, running: ReadonlyMap<string, number> | undefined) {
  const healthy = number(record(status)['readyReplicas']) ?? 0;
  const name = text(record(metadata)['name']) ?? '';
  return {
    wanted: number(record(spec)['replicas']) ?? 1,
    running: running ? (running.get(name) ?? 0) : healthy,
    healthy,
  };
}

/**
 * Pods that run, by the Deployment that they belong to. A Deployment counts those that are ready; only where some
 * are not do the pods have to be asked whether they run at all. Undefined where all are ready.
 */
async function runningPods(
  cluster: Cluster,
  deployments: readonly Json[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number> | undefined | Failure> {
  const allReady = deployments.every(({ status }) => {
    const { replicas, readyReplicas } = record(status);
    return (number(replicas) ?? 0) === (number(readyReplicas) ?? 0);
  });
  if (allReady) return undefined;
  const [sets, pods] = await Promise.all([
    cluster.list(others.ReplicaSet, { signal }),
    cluster.list(others.Pod, { signal }),
  ]);
  if (isFailure(sets)) return sets;
  if (isFailure(pods)) return pods;
  const deploymentOf = new Map(sets.map((set) => [uidOf(set), ownerOf(set)]));
  const counts = new Map<string, number>();
  for (const pod of pods.map(podOf)) {
    const deployment = deploymentOf.get(pod.owner);
    const runs = !pod.isEnding && pod.containers.some(({ runningSince }) => runningSince !== undefined);
    if (deployment !== undefined && runs) counts.set(deployment, (counts.get(deployment) ?? 0) + 1);
  }
  return counts;
}

function uidOf(body: Json): string {
  return text(record(body['metadata'])['uid']) ?? '';
}

function ownerOf(set: Json): string | undefined {
  const owners = record(set['metadata'])['ownerReferences'];
  return Array.isArray(owners) ? text(record(owners[0])['name']) : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
