import { type Failure, isFailure, together } from '../../../model/failure.ts';
import type { Change, FieldChange } from '../../../model/native.ts';
import { type Json, record } from '../../json.ts';
import type { ApplyContext } from '../../platform.ts';
import { partOfLabel } from '../applyset.ts';
import type { Cluster } from '../cluster.ts';
import { digestPrefix } from '../compile/secrets.ts';
import { kindNamed } from '../kinds.ts';
import { managed } from '../read/managed.ts';
import type { KubernetesSettings } from '../settings.ts';
import { isStamp } from '../stamps.ts';
import { prepared } from './apply.ts';
import { fieldChanges } from './field-changes.ts';
import { namespaceFor } from './namespace.ts';
import { notOurs } from './ownership.ts';
import { missingPermissions } from './permissions.ts';
import type { ToSend } from './to-send.ts';

/**
 * See `Home.rehearse`: the same writes as a dry run, in which the server fills in, admits and validates as it always
 * does. What a namespace that is yet to be made would say, nobody can know.
 */
export async function rehearse(
  cluster: Cluster,
  settings: KubernetesSettings,
  changes: readonly Change[],
  context: ApplyContext,
): Promise<readonly Change[] | Failure> {
  const { release, signal } = context;
  const foreign = changes.flatMap((change) => notOurs(change, release) ?? []);
  if (changes.length === 0 || foreign.length > 0) return together(foreign) ?? changes;
  const namespace = await namespaceFor(cluster, settings, changes, signal);
  if (isFailure(namespace) || namespace === 'to be made') return isFailure(namespace) ? namespace : changes;
  const missing = await missingPermissions(cluster, signal);
  if (missing) return missing;
  const objects = await prepared(cluster, changes, context);
  if (isFailure(objects)) return objects;
  const answers = await Promise.all(
    changes.map((change) => {
      const sent = objects.find(({ object }) => object === change.after);
      return sent ? written(cluster, change, sent, signal) : removed(cluster, change, signal);
    }),
  );
  return together(answers.filter(isFailure)) ?? answers.flatMap((one) => (isFailure(one) ? [] : one));
}

async function removed(
  cluster: Cluster,
  change: Change,
  signal: AbortSignal | undefined,
): Promise<readonly Change[] | Failure> {
  const { before } = change;
  const failure = before && (await cluster.remove(kindNamed(before.kind), before.id, signal, true));
  return failure ?? [change];
}

/** Nothing at all where the server would make of it what is there already. */
async function written(
  cluster: Cluster,
  change: Change,
  { kind, object, body }: ToSend,
  signal: AbortSignal | undefined,
): Promise<readonly Change[] | Failure> {
  const { id } = object;
  const [live, answer] = await Promise.all([
    change.action === 'update' ? cluster.get(kind, id, signal) : undefined,
    cluster.apply(kind, id, body, { dryRun: true, signal }),
  ]);
  if (isFailure(answer)) return answer;
  if (isFailure(live)) return live;
  // Its values are hidden, and the server has nothing to add to them.
  if (kind.kind === 'Secret') return [change];
  const fields = live
    ? fieldChanges(comparable(live), comparable(answer))
    : fieldChanges(undefined, managed({ kind: kind.kind, id, body: answer }).body);
  return fields.length > 0 ? [{ ...change, fields: fields.map(hidden) }] : [];
}

/** What stands for a secret is not shown here either. */
function hidden({ path, ...values }: FieldChange): FieldChange {
  const isDigest = path.includes(digestPrefix);
  const shown = Object.entries(values).map(([key, value]) => [
    key,
    isDigest ? digestMask : withoutDigests(value),
  ]);
  return { path, ...Object.fromEntries(shown) };
}

const digestMask = '(digest of a secret)';

function withoutDigests(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const hide = (key: string, part: unknown) => (key.startsWith(digestPrefix) ? digestMask : part);
  return JSON.parse(JSON.stringify(value, hide));
}

/** An object without what the server keeps for itself, and without what we write beside it. */
function comparable(live: Json): Json {
  const { status: _, metadata, ...rest } = live;
  const { name, labels, annotations } = record(metadata);
  const { [partOfLabel]: __, ...others } = record(labels);
  const kept = Object.entries(record(annotations)).filter(
    ([annotation]) => !isStamp(annotation) && annotation !== 'deployment.kubernetes.io/revision',
  );
  return { ...rest, metadata: { name, labels: others, annotations: Object.fromEntries(kept) } };
}
