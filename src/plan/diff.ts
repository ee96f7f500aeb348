import type { SecretRef } from '../model/app.ts';
import { type Failure, isFailure, together } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import { fieldChanges, hide, type Masks } from './fields.ts';
import { revealAll } from './reveal.ts';

export interface DiffContext {
  readonly home: string;
  readonly reveal: (secret: SecretRef) => string | Failure;
}

/**
 * What has to be written so that `live` becomes `wanted`: creations, then updates, then deletions. Both are
 * objects of one home and one scope: whatever is live and not wanted is deleted. Live objects come through
 * `Platform.managed`. A secret is compared by looking it up and shown as `(secret env:NAME)` on both sides.
 * Fails with `missing-secret`.
 */
export function diff(
  wanted: readonly NativeObject[],
  live: readonly NativeObject[],
  context: DiffContext,
): readonly Change[] | Failure {
  const found = new Map(live.map((object) => [nameOf(object), object]));
  const written: Change[] = [];
  const failures: Failure[] = [];
  for (const object of wanted) {
    const change = write(object, found.get(nameOf(object)), context);
    found.delete(nameOf(object));
    if (isFailure(change)) failures.push(change);
    else if (change) written.push(change);
  }
  const deleted = [...found.values()].map((object) => remove(object, context));
  return together(failures) ?? inOrder([...written, ...deleted]);
}

function inOrder(changes: readonly Change[]): readonly Change[] {
  const actions = ['create', 'update', 'delete'] as const;
  return actions.flatMap((action) => changes.filter((change) => change.action === action));
}

function write(
  after: NativeObject,
  live: NativeObject | undefined,
  { home, reveal }: DiffContext,
): Change | undefined | Failure {
  const revealed = revealAll(after.body, reveal);
  if (isFailure(revealed)) return revealed;
  const masks = new Map([...secretPaths(live), ...revealed.masks]);
  const fields = fieldChanges(live?.body ?? {}, revealed.value, masks);
  const object = nameOf(after);
  if (!live) return { action: 'create', object, home, fields, after };
  if (fields.length === 0) return undefined;
  return { action: 'update', object, home, fields, before: redacted(live, masks), after };
}

function remove(live: NativeObject, { home }: DiffContext): Change {
  const before = redacted(live, secretPaths(live));
  return { action: 'delete', object: nameOf(live), home, fields: [], before };
}

/** What leaves this room may be kept or shown; a live object holds its secrets in the clear. */
function redacted(live: NativeObject, masks: Masks): NativeObject {
  const { secrets: _, ...rest } = live;
  return { ...rest, body: hide('', live.body, masks) as NativeObject['body'] };
}

function secretPaths(live: NativeObject | undefined): Masks {
  return new Map(Object.entries(live?.secrets ?? {}).map(([path, ref]) => [path, `(secret ${ref})`]));
}

function nameOf(object: NativeObject): string {
  return `${object.kind} ${object.id}`;
}
