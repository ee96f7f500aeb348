import { type Json, list, parseJson, record, same } from '../../json.ts';

/**
 * Which fields of a live object a manager has applied, as the apiserver keeps it in `metadata.managedFields`:
 * `f:` a field, `k:` an item of a list by its keys, `v:` an item by its value, `i:` one by its place, `.` the thing
 * itself. An empty set is a leaf: all of what is there.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export type FieldSet = Json;

export const fieldManager = 'rehome';

/** The fields that server-side apply of a manager owns; undefined where it never applied the object. */
export function appliedFields(live: Json, manager: string = fieldManager): FieldSet | undefined {
  const applied = list(record(live['metadata'])['managedFields']).filter(
    (entry) =>
      entry['manager'] === manager && entry['operation'] === 'Apply' && (entry['subresource'] ?? '') === '',
  );
  if (applied.length === 0) return undefined;
  // One per apiVersion that it was applied with.
  return applied.map(({ fieldsV1 }) => record(fieldsV1)).reduce(union);
}

function union(a: Json, b: Json): Json {
  const both: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    both[key] = key in a ? union(record(a[key]), record(value)) : value;
  }
  return both;
}

/** The part of a value that a set of fields speaks of; undefined where nothing of it is there. */
export function project(value: unknown, fields: FieldSet): unknown {
  const paths = Object.keys(fields).filter((path) => path !== '.');
  if (paths.length === 0) return value;
  if (Array.isArray(value)) return projectList(value, fields, paths);
  if (typeof value !== 'object' || value === null) return undefined;
  const live = value as Json;
  const kept: Record<string, unknown> = {};
  for (const path of paths) {
    const name = path.slice(2);
    if (!path.startsWith('f:') || !Object.hasOwn(live, name)) continue;
    const part = project(live[name], record(fields[path]));
    if (part !== undefined) kept[name] = part;
  }
  return Object.keys(kept).length > 0 || '.' in fields ? kept : undefined;
}

/** Items in the order in which they live. */
function projectList(items: readonly unknown[], fields: FieldSet, paths: readonly string[]): unknown {
  const selectors = paths.map((path) => ({ path, selects: selectorOf(path) }));
  const kept = items.flatMap((item, at) => {
    const found = selectors.find(({ selects }) => selects(item, at));
    const part = found && project(item, record(fields[found.path]));
    return part === undefined ? [] : [part];
  });
  return kept.length > 0 || '.' in fields ? kept : undefined;
}

function selectorOf(path: string): (item: unknown, at: number) => boolean {
  const [kind, rest] = [path.slice(0, 2), path.slice(2)];
  if (kind === 'i:') return (_, at) => at === Number(rest);
  const wanted = parseJson(rest);
  if (kind === 'v:') return (item) => same(item, wanted);
  if (kind !== 'k:') return () => false;
  const keys = Object.entries(record(wanted));
  return (item) => keys.every(([key, value]) => same(record(item)[key], value));
}
