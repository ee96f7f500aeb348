import { isSecret } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, list, record, same, text } from '../../json.ts';
import { timeOf } from './pod.ts';

/** Paths in which a live object is not as it was compiled. Secrets are taken on trust: nobody looks them up here. */
export function differences(wanted: NativeObject, managed: NativeObject): readonly string[] {
  return differing(wanted.body, managed.body, '');
}

/**
 * Paths of a live object that are not rehome's any more: whoever writes a field takes it over. A field that is still
 * ours and has another value than was sent is the work of admission, which does that to every write.
 */
export function lost(wanted: NativeObject, managed: NativeObject): readonly string[] {
  return missing(wanted.body, managed.body, '');
}

/** Who wrote last, beside us and the controllers that only write what is: `kubectl-edit`. */
export function lastManager(live: Json): string | undefined {
  const entries = list(record(live['metadata'])['managedFields']).filter(
    ({ manager, subresource }) => manager !== 'rehome' && subresource !== 'status',
  );
  const byTime = entries.toSorted((a, b) => timeOf(b['time']) - timeOf(a['time']));
  const found = byTime.find(({ manager }) => manager !== 'kube-controller-manager');
  return text(found?.['manager']);
}

function differing(wanted: unknown, live: unknown, path: string): readonly string[] {
  if (isSecret(wanted)) return live === undefined ? [path] : [];
  if (same(wanted, live)) return [];
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length)
    return wanted.flatMap((item, at) => differing(item, live[at], `${path}[${at}]`));
  if (!isObject(wanted) || !isObject(live)) return [path];
  const keys = new Set([...Object.keys(wanted), ...Object.keys(live)]);
  return [...keys].flatMap((key) => differing(wanted[key], live[key], path === '' ? key : `${path}.${key}`));
}

function missing(wanted: unknown, live: unknown, path: string): readonly string[] {
  if (wanted === undefined) return [];
  if (live === undefined) return [path];
  if (isSecret(wanted)) return [];
  if (Array.isArray(wanted) && Array.isArray(live)) {
    if (wanted.length !== live.length) return [path];
    return wanted.flatMap((item, at) => missing(item, live[at], `${path}[${at}]`));
  }
  if (!isObject(wanted) || !isObject(live)) return [];
  return Object.keys(wanted).flatMap((key) =>
    missing(wanted[key], live[key], path === '' ? key : `${path}.${key}`),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
