import type { z } from 'zod';
import { type Refusal, type Violation, wrongShape } from '../refusal.ts';

/**
 * Holds a value against a shape. Null means absent. What does not fit is refused in the words of Marathon's
 * JSON reader; unknown fields are dropped.
 */
export function readShape<T extends z.ZodType>(shape: T, value: unknown): z.output<T> | Refusal {
  const plain = withoutNulls(value);
  const found = shape.safeParse(plain);
  return found.success
    ? found.data
    : wrongShape(found.error.issues.flatMap((issue) => violations(issue, plain)));
}

function violations(issue: z.core.$ZodIssue, root: unknown): readonly Violation[] {
  if (issue.code === 'invalid_union')
    return issue.errors.flat().map((inner) => toViolation(inner, root, issue.path));
  return [toViolation(issue, root, [])];
}

function toViolation(issue: z.core.$ZodIssue, root: unknown, before: readonly PropertyKey[]): Violation {
  const path = [...before, ...issue.path];
  if (path.length === 0 && issue.code === 'invalid_type') {
    return { path: '/id', errors: [`${JSON.stringify(root)} is not an object`] };
  }
  return { path: notation(path), errors: [missing(root, path) ?? issue.message] };
}

/** `'id' is undefined on object: {…}`: what a required field that is not there is answered with. */
function missing(root: unknown, path: readonly PropertyKey[]): string | undefined {
  const parent = at(root, path.slice(0, -1));
  const name = path.at(-1);
  if (typeof name !== 'string' || !isObject(parent) || name in parent) return undefined;
  return `'${name}' is undefined on object: ${JSON.stringify(parent)}`;
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) value = isObject(value) ? value[String(key)] : undefined;
  return value;
}

/** `/portDefinitions(0)/name`. */
function notation(path: readonly PropertyKey[]): string {
  const words = path.map((key) => (typeof key === 'number' ? `(${key})` : `/${String(key)}`)).join('');
  return words || '/';
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([name, field]) => [name, withoutNulls(field)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
