import { type Failure, isFailure } from '../../../model/failure.ts';
import { applySetParent, parentName } from '../applyset.ts';
import type { Cluster } from '../cluster.ts';
import { others } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';

/** Connections that have seen to the parent of their namespace. */
const seen = new WeakMap<Cluster, Promise<undefined | Failure>>();

/**
 * Makes the namespace, where that is asked for, and in it the parent of all that rehome writes there. Looked after
 * once per connection.
 */
export async function ensureParent(
  cluster: Cluster,
  settings: KubernetesSettings,
  signal: AbortSignal | undefined,
): Promise<undefined | Failure> {
  const ensuring = seen.get(cluster) ?? ensure(cluster, settings, signal);
  seen.set(cluster, ensuring);
  const failure = await ensuring;
  if (failure) seen.delete(cluster);
  return failure;
}

async function ensure(cluster: Cluster, settings: KubernetesSettings, signal: AbortSignal | undefined) {
  const place = await cluster.place();
  if (isFailure(place)) return place;
  const { namespace } = place;
  const live = await cluster.get(others.ConfigMap, parentName, signal);
  if (isFailure(live)) return live;
  const body = applySetParent(settings, namespace, live);
  if (!body) return undefined;
  const write = () => cluster.apply(others.ConfigMap, parentName, body, { signal });
  const first = await write();
  if (!isFailure(first)) return undefined;
  if (first.code !== 'unknown-namespace' || !settings.create_namespace) return first;
  const failure = await createNamespace(cluster, namespace, signal);
  if (failure) return failure;
  const second = await write();
  return isFailure(second) ? second : undefined;
}

/** One that is there already, made by somebody in the same moment, will do. */
async function createNamespace(cluster: Cluster, name: string, signal: AbortSignal | undefined) {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const made = await cluster.create(others.Namespace, body, signal);
  return isFailure(made) ? made : undefined;
}
