import { inParallel } from '../../../host/in-parallel.ts';
import { type Failure, fail, isFailure, together } from '../../../model/failure.ts';
import type { Change, NativeObject } from '../../../model/native.ts';
import { record } from '../../json.ts';
import type { ApplyContext } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { kindNamed } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';
import { armedCrons } from './armed.ts';
import { clearLeftovers, isOfCluster, serviceOf } from './leftovers.ts';
import { notOurs } from './ownership.ts';
import { ensureParent } from './parent.ts';
import { sweepJobs } from './sweep.ts';
import { type ToSend, toSend } from './to-send.ts';

/** What pods and routes count on is there before them. */
const first: ReadonlySet<string> = new Set(['Secret', 'Service', 'EndpointSlice', 'PodDisruptionBudget']);

/**
 * See `Home.apply`: server-side apply, nothing by force. Everything that can be known before is known before the first
 * write: whose the objects are, and all secrets. Deletions come last.
 */
export async function apply(
  cluster: Cluster,
  settings: KubernetesSettings,
  changes: readonly Change[],
  context: ApplyContext,
): Promise<undefined | Failure> {
  const { release, signal } = context;
  const foreign = changes.flatMap((change) => notOurs(change, release) ?? []);
  if (changes.length === 0 || foreign.length > 0) return together(foreign);
  const objects = await prepared(cluster, changes, context);
  if (isFailure(objects)) return objects;
  const failure = objects.length > 0 ? await ensureParent(cluster, settings, signal) : undefined;
  if (failure) return failure;
  const before = objects.filter(({ object }) => first.has(object.kind));
  const after = objects.filter(({ object }) => !first.has(object.kind));
  const gone = changes.flatMap((change) =>
    change.action === 'delete' && change.before ? [change.before] : [],
  );
  // An app that is written for the first time has nothing behind it.
  const isNew = changes.every(({ action }) => action === 'create');
  return (
    (await inParallel(before, (one) => write(cluster, one, signal))) ??
    (await inParallel(withoutSelector(changes), (service) => clearLeftovers(cluster, service, signal))) ??
    (await inParallel(after, (one) => write(cluster, one, signal))) ??
    (await inParallel(gone, (one) => remove(cluster, one, signal))) ??
    (isNew ? undefined : await sweepJobs(cluster, context))
  );
}

/** The objects of changes as they are sent. */
export async function prepared(
  cluster: Cluster,
  changes: readonly Change[],
  { release, reveal, signal }: ApplyContext,
): Promise<readonly ToSend[] | Failure> {
  const place = await cluster.place();
  if (isFailure(place)) return place;
  const armed = await armedCrons(cluster, changes, signal);
  if (isFailure(armed)) return armed;
  const { namespace } = place;
  const objects = changes.flatMap(({ after }) =>
    after ? [toSend(after, { release, reveal, namespace, armed })] : [],
  );
  return together(objects.filter(isFailure)) ?? objects.flatMap((one) => (isFailure(one) ? [] : [one]));
}

/** What is just being deleted under the same name takes a write too, and is gone with it. */
async function write(
  cluster: Cluster,
  { kind, object, body }: ToSend,
  signal: AbortSignal | undefined,
): Promise<undefined | Failure> {
  const written = await cluster.apply(kind, object.id, body, { signal });
  if (isFailure(written)) return written;
  if (record(written['metadata'])['deletionTimestamp'] === undefined) return undefined;
  return fail('conflict', `${kind.kind} ${object.id} is being deleted, and something holds that up.`, {
    found: `finalizers: ${JSON.stringify(record(written['metadata'])['finalizers'] ?? [])}`,
    hint: 'try again when it is gone',
  });
}

async function remove(
  cluster: Cluster,
  object: NativeObject,
  signal: AbortSignal | undefined,
): Promise<undefined | Failure> {
  if (object.kind === 'EndpointSlice' && isOfCluster(object.body)) {
    return await clearLeftovers(cluster, serviceOf(object.body), signal);
  }
  return await cluster.remove(kindNamed(object.kind), object.id, signal);
}

/** Services that select nothing from now on. */
function withoutSelector(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ before, after }) => {
    if (after?.kind !== 'Service' || record(after.body['spec'])['selector'] !== undefined) return [];
    return before && record(before.body['spec'])['selector'] !== undefined ? [after.id] : [];
  });
}
