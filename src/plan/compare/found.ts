import type { Difference } from '../../model/comparison.ts';
import { same } from '../fields.ts';

export type Found = readonly [verdict: Difference['verdict'], why: string];

/** What is not there is null in a document. */
export function difference(
  path: string,
  left: unknown,
  right: unknown,
  verdict: Difference['verdict'],
  why: string,
): Difference {
  return { path, left: left ?? null, right: right ?? null, verdict, why };
}

/** Values that have to be the same, and are not. */
export function unlike(path: string, left: unknown, right: unknown, why: string): readonly Difference[] {
  return same(left, right) ? [] : [difference(path, left, right, 'blocking', why)];
}

/** Things of both sides by name: in both, or in one alone. */
export function pairs<T extends { readonly name: string }>(
  left: readonly T[],
  right: readonly T[],
): readonly { readonly name: string; readonly left?: T; readonly right?: T }[] {
  const names = [...new Set([...left, ...right].map(({ name }) => name))].sort();
  return names.map((name) => {
    const [l, r] = [left.find((one) => one.name === name), right.find((one) => one.name === name)];
    return { name, ...(l ? { left: l } : {}), ...(r ? { right: r } : {}) };
  });
}
