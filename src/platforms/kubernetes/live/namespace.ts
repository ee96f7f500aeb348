import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import type { Change } from '../../../model/native.ts';
import { type Json, record, text } from '../../json.ts';
import type { Cluster, Place } from '../cluster.ts';
import { others } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';

const levelLabel = 'pod-security.kubernetes.io/enforce';

/**
 * Whether the namespace of a home is there and takes what is to be written. Who may not look at it has no answer here;
 * the writes give it.
 */
export async function namespaceFor(
  cluster: Cluster,
  settings: KubernetesSettings,
  changes: readonly Change[],
  signal: AbortSignal | undefined,
): Promise<'there' | 'to be made' | Failure> {
  const place = await cluster.place();
  if (isFailure(place)) return place;
  const live = await cluster.get(others.Namespace, place.namespace, signal);
  if (isFailure(live)) return live.code === 'forbidden' ? 'there' : live;
  if (!live) return settings.create_namespace ? 'to be made' : absent(place);
  return ending(place, live) ?? unfit(place, live, settings, changes) ?? 'there';
}

function absent({ server, namespace }: Place): Failure {
  return fail('unknown-namespace', `The cluster at ${server} has no namespace ${namespace}.`, {
    found: namespace,
  });
}

function ending({ namespace }: Place, live: Json): Failure | undefined {
  if (record(live['status'])['phase'] !== 'Terminating') return undefined;
  return fail('namespace-ending', `The namespace ${namespace} is being deleted.`, {
    hint: 'wait until it is gone, or take another one',
  });
}

/** The API takes a Deployment whose pods it refuses later. */
function unfit(
  { namespace }: Place,
  live: Json,
  { podSecurity }: KubernetesSettings,
  changes: readonly Change[],
): Failure | undefined {
  const level = text(record(record(live['metadata'])['labels'])[levelLabel]);
  const hasPods = changes.some(({ after }) => after?.kind === 'Deployment' || after?.kind === 'CronJob');
  if (level !== 'restricted' || podSecurity === 'restricted' || !hasPods) return undefined;
  return fail('refused', `The namespace ${namespace} takes no pods but restricted ones, and these are not.`, {
    found: `${levelLabel}: ${level}`,
    hint: 'set `podSecurity: restricted` at the home',
  });
}
