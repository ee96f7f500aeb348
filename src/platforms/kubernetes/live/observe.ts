import { type Failure, isFailure } from '../../../model/failure.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, list, record, text } from '../../json.ts';
import type { Scope } from '../../platform.ts';
import { applySetId, partOfLabel } from '../applyset.ts';
import type { Cluster, Query } from '../cluster.ts';
import { managedByLabel, nameLabel } from '../compile/labels.ts';
import { kinds, type ManagedKind } from '../kinds.ts';
import { envSecretName, plain } from '../names.ts';
import { stampsInAnnotations } from '../stamps.ts';
import { isOfCluster, isRelevant } from './leftovers.ts';

/**
 * See `Home.observe`: a list per kind. What is being deleted is gone as far as anybody who wants to write is
 * concerned. To an app belongs what rehome has written for it, and nothing else: what is in its scope and not wanted
 * any more is deleted, so a name or a label alone makes nobody's object ours.
 */
export async function observe(
  cluster: Cluster,
  scope: Scope,
  signal?: AbortSignal,
): Promise<readonly NativeObject[] | Failure> {
  const place = await cluster.place();
  if (isFailure(place)) return place;
  const names = Object.keys(kinds) as ManagedKind[];
  const found = await Promise.all(names.map((name) => liveOf(cluster, name, scope, signal)));
  const failure = found.find(isFailure);
  if (failure) return failure;
  const every = found.flatMap((live) => (isFailure(live) ? [] : live)).filter(isStaying);
  const set = applySetId(place.namespace);
  const isMine = (live: Json) => isOfCluster(live) || isOurs(live, set);
  const ownServices = every.filter((live) => live['kind'] === 'Service' && isMine(live));
  const { app, names: named = [] } = scope;
  const objects = every.filter((live) => live['kind'] !== 'EndpointSlice' || isRelevant(live, ownServices));
  if (app === undefined) return objects.map(objectOf);
  // One of another kind that happens to have the name is somebody else's.
  const isNamed = (live: Json) => named.some(({ kind, id }) => kind === live['kind'] && id === nameOf(live));
  return objects
    .filter((live) => isNamed(live) || (isMine(live) && belongsTo(objectOf(live), app)))
    .map(objectOf);
}

/** Whose an object is: by its stamps, else by its label, else by its name. */
export function appOf({ kind, id, body }: NativeObject): string | undefined {
  const { labels, annotations } = record(body['metadata']);
  const suffix = suffixes[kind];
  const name = suffix && id.endsWith(suffix) && id !== suffix ? id.slice(0, -suffix.length) : id;
  return stampsInAnnotations(annotations)['app'] ?? text(record(labels)[nameLabel]) ?? name;
}

const suffixes: Readonly<Record<string, string>> = {
  Deployment: '-deployment',
  EndpointSlice: '-edge',
  Ingress: '-ingress',
  HTTPRoute: '-route',
  Secret: '-env',
};

/** A label has the name as Kubernetes takes it, which need not be the app's own. */
function belongsTo(object: NativeObject, app: string): boolean {
  const found = appOf(object);
  return found === app || found === plain(app);
}

/** Secrets of others are none of our business. */
const own: Readonly<Partial<Record<ManagedKind, Query>>> = {
  Secret: { labels: `${managedByLabel}=rehome` },
};

async function liveOf(
  cluster: Cluster,
  kind: ManagedKind,
  { app, names = [] }: Scope,
  signal: AbortSignal | undefined,
): Promise<readonly Json[] | Failure> {
  const live = await cluster.list(kinds[kind], { ...own[kind], signal });
  if (isFailure(live) || kind !== 'Secret' || app === undefined) return live;
  const name = envSecretName(app);
  if (!names.some(({ id }) => id === name) || live.some((secret) => nameOf(secret) === name)) return live;
  // One of somebody else, under the name that we are about to use.
  const other = await cluster.get(kinds.Secret, name, signal);
  if (isFailure(other)) return other;
  return other ? [...live, other] : live;
}

/** What belongs to another object comes and goes with that one; but for slices, which stay when their Service changes. */
function isStaying(live: Json): boolean {
  const { deletionTimestamp, ownerReferences } = record(live['metadata']);
  return deletionTimestamp === undefined && (list(ownerReferences).length === 0 || isOfCluster(live));
}

/** Written by us under our name, or marked as a member of the set of all that we wrote. */
export function isOurs(live: Json, set: string): boolean {
  const { managedFields, labels, annotations } = record(live['metadata']);
  const isMember =
    record(labels)[partOfLabel] === set && stampsInAnnotations(annotations)['app'] !== undefined;
  return (
    isMember ||
    list(managedFields).some(({ manager, operation }) => manager === 'rehome' && operation === 'Apply')
  );
}

function objectOf(body: Json): NativeObject {
  return { kind: String(body['kind']), id: nameOf(body), body };
}

function nameOf(live: Json): string {
  return text(record(live['metadata'])['name']) ?? '';
}
