import type { FieldChange } from '../../../model/native.ts';
import { type Json, same } from '../../json.ts';

/** Every place where two JSON values differ, with paths as plans have them. */
export function fieldChanges(from: unknown, to: unknown, path = ''): readonly FieldChange[] {
  if (same(from, to)) return [];
  if (to === undefined) return [{ path, from }];
  if (isList(to) && (isList(from) || from === undefined)) {
    const length = Math.max(to.length, from?.length ?? 0);
    return Array.from({ length }, (_, at) => fieldChanges(from?.[at], to[at], `${path}[${at}]`)).flat();
  }
  if (isObject(to) && (isObject(from) || from === undefined)) {
    const keys = [...new Set([...Object.keys(to), ...Object.keys(from ?? {})])];
    return keys.flatMap((key) => fieldChanges(from?.[key], to[key], inside(path, key)));
  }
  return [from === undefined ? { path, to } : { path, from, to }];
}

function inside(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
