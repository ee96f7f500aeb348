import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, record, text } from '../../json.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';

export const serviceLabel = 'kubernetes.io/service-name';
const sliceManager = 'endpointslice.kubernetes.io/managed-by';

/** Who makes slices out of a Service's selector, and out of its Endpoints. */
const controllers = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

/** A controller that has not heard yet makes slices anew; what it makes after all of these, the next look finds. */
const mostRounds = 5;

/** Our own slice, or one that leads to pods although its Service selects none any more. */
export function isRelevant(slice: Json, services: readonly Json[]): boolean {
  if (labelsOf(slice)[sliceManager] === 'rehome') return true;
  const service = services.find((one) => nameOf(one) === serviceOf(slice));
  return isOfCluster(slice) && service !== undefined && record(service['spec'])['selector'] === undefined;
}

/** Whether the cluster itself made this: only slices have such a label. */
export function isOfCluster(slice: Json): boolean {
  return controllers.includes(text(labelsOf(slice)[sliceManager]) ?? '');
}

export function serviceOf(slice: Json): string {
  return text(labelsOf(slice)[serviceLabel]) ?? '';
}

/**
 * A Service that loses its selector keeps what its selector found, and traffic goes on to those pods: the controllers
 * leave it to whoever writes the slices from then on. The Endpoints first, as slices are made of them again.
 */
export async function clearLeftovers(
  cluster: Cluster,
  service: string,
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  const failure = await cluster.remove(others.Endpoints, service, signal);
  if (failure) return failure;
  for (let round = 0; round < mostRounds; round++) {
    const slices = await cluster.list(kinds.EndpointSlice, { labels: `${serviceLabel}=${service}`, signal });
    if (isFailure(slices)) return slices;
    const stale = slices.filter(isOfCluster);
    if (stale.length === 0) return undefined;
    const removed = stale.map((slice) => cluster.remove(kinds.EndpointSlice, nameOf(slice), signal));
    const failures = await Promise.all(removed);
    if (failures.some(isFailure)) return failures.find(isFailure);
  }
  return undefined;
}

function labelsOf(live: Json): Json {
  return record(record(live['metadata'])['labels']);
}

function nameOf(live: Json): string {
  return text(record(live['metadata'])['name']) ?? '';
}
