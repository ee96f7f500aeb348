import { isSecret } from '../model/app.ts';
import type { FieldChange } from '../model/native.ts';
import { keyPath } from './path.ts';

/** Paths whose values are secret, with what is shown in their place. */
export type Masks = ReadonlyMap<string, string>;

/**
 * Every place where two bodies differ, in the order of the wanted one. What is wanted may hold SecretRefs in
 * `revealed` form only; `masks` says which paths are never shown. A value that is absent has no `from` or `to`.
 */
export function fieldChanges(from: unknown, to: unknown, masks: Masks): readonly FieldChange[] {
  return [...walk('', from, to)].map((change) => masked(change, masks));
}

function* walk(path: string, from: unknown, to: unknown): Generator<FieldChange> {
  if (same(from, to)) return;
  if (to === undefined) yield { path, from };
  else if (isList(to) && (isList(from) || from === undefined)) yield* walkList(path, from, to);
  else if (isRecord(to) && (isRecord(from) || from === undefined)) yield* walkRecord(path, from, to);
  else yield from === undefined ? { path, to } : { path, from, to };
}

function* walkList(path: string, from: readonly unknown[] | undefined, to: readonly unknown[]) {
  if (from === undefined && to.length === 0) yield { path, to };
  const length = Math.max(from?.length ?? 0, to.length);
  for (let at = 0; at < length; at++) yield* walk(`${path}[${at}]`, from?.[at], to[at]);
}

function* walkRecord(path: string, from: Fields | undefined, to: Fields): Generator<FieldChange> {
  const keys = new Set([...Object.keys(to), ...Object.keys(from ?? {})]);
  if (from === undefined && Object.values(to).every((value) => value === undefined)) yield { path, to };
  for (const key of keys) yield* walk(keyPath(path, key), own(from, key), own(to, key));
}

/** Both sides are masked: what is replaced may be the secret of yesterday. */
function masked(change: FieldChange, masks: Masks): FieldChange {
  return {
    path: change.path,
    ...('from' in change ? { from: hide(change.path, change.from, masks) } : {}),
    ...('to' in change ? { to: hide(change.path, change.to, masks) } : {}),
  };
}

/** A copy of a value with everything secret in it replaced by its mask. */
export function hide(path: string, value: unknown, masks: Masks): unknown {
  const mask = masks.get(path);
  if (mask !== undefined) return mask;
  if (isSecret(value)) return maskOf(value.ref);
  if (isList(value)) return value.map((item, at) => hide(`${path}[${at}]`, item, masks));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hide(keyPath(path, key), item, masks)]),
  );
}

export function maskOf(ref: string): string {
  return `(secret ${ref})`;
}

/** Deep equality of JSON values, for which a key without a value is no key. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(own(a, key), own(b, key)));
}

export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function own(record: Fields | undefined, key: string): unknown {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
