import type { z } from 'zod';
import type { Failure } from '../model/failure.ts';
import { describeIssue, type Found, type Issue } from './issue.ts';
import { lookUp, type Path, plain, type Scalar, type Tree } from './yaml/tree.ts';

/** A value as its schema gives it, or what is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly failures: readonly Failure[] };

export interface CheckOptions {
  /** Puts another value in a scalar's place: an expression's. */
  readonly resolve?: (scalar: Scalar) => unknown;
  /** Scalars whose value is not known yet: nothing is said about them. */
  readonly unknown?: (scalar: Scalar) => boolean;
  /** Where the tree belongs, for messages. */
  readonly within?: Path;
}

/**
 * Checks a tree against a schema. Keys that begin with `x-` are left out wherever the schema does not know
 * them. Every problem becomes a failure with its place.
 */
export function check<T>(schema: z.ZodType<T>, tree: Tree, options: CheckOptions = {}): Checked<T> {
  let value = plain(tree, options.resolve);
  let result = schema.safeParse(value, { reportInput: true });
  const free = result.success ? [] : freeKeys(result.error.issues);
  if (free.length > 0) {
    value = without(value, free);
    result = schema.safeParse(value, { reportInput: true });
  }
  if (result.success) return { value: result.data };
  const found: Found = { tree, schema, ...(options.within ? { within: options.within } : {}) };
  const failures = result.error.issues
    .filter((issue) => !isUnknown(issue, tree, options))
    .flatMap((issue) => describeIssue(issue, found));
  // All problems were about values that are not known yet.
  return failures.length === 0 ? { value: value as T } : { failures };
}

/** Paths of the x- keys among the unrecognised ones, in unions too. */
function freeKeys(issues: readonly Issue[], base: readonly PropertyKey[] = []): PropertyKey[][] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.filter((key) => key.startsWith('x-')).map((key) => [...path, key]);
    }
    return issue.code === 'invalid_union' ? issue.errors.flatMap((branch) => freeKeys(branch, path)) : [];
  });
}

function without(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  const copy = structuredClone(value);
  for (const path of paths) {
    let parent: unknown = copy;
    for (const step of path.slice(0, -1))
      parent = (parent as Record<PropertyKey, unknown> | undefined)?.[step];
    const last = path.at(-1);
    if (parent && last !== undefined) delete (parent as Record<PropertyKey, unknown>)[last];
  }
  return copy;
}

function isUnknown(issue: Issue, tree: Tree, { unknown }: CheckOptions): boolean {
  if (!unknown) return false;
  const at = lookUp(tree, issue.path);
  return at?.kind === 'scalar' && unknown(at);
}
