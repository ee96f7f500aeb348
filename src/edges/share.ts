import { createHash } from 'node:crypto';
import { type Failure, fail } from '../model/failure.ts';
import type { Shares } from './edge.ts';

/** Shares are percents of at least 0 that add up to 100. Failure: `wrong-value`. */
export function checkShares(app: string, shares: Shares): Failure | undefined {
  const values = Object.values(shares);
  const sum = values.reduce((total, share) => total + share, 0);
  if (values.every((share) => share >= 0) && Math.abs(sum - 100) < 1e-6) return undefined;
  const found = JSON.stringify(shares);
  return fail('wrong-value', `The shares of ${app} must be percents that add up to 100.`, { found });
}

/** What is in force against what is wanted: `share-differs`. Homes not named have share 0. */
export function compareShares(app: string, inForce: Shares, wanted: Shares): Failure | undefined {
  const homes = [...new Set([...Object.keys(inForce), ...Object.keys(wanted)])].sort();
  const differs = homes.some((home) => Math.abs((inForce[home] ?? 0) - (wanted[home] ?? 0)) > 1e-6);
  if (!differs) return undefined;
  const show = (shares: Shares) => homes.map((home) => `${home} ${shares[home] ?? 0} %`).join(', ');
  return fail('share-differs', `The edge splits the traffic of ${app} otherwise than wanted.`, {
    found: show(inForce),
    expected: show(wanted),
  });
}

/**
 * The shares of a front that exists, when it is told which homes there are: nobody's changes. A home that is new has
 * none, and one that is not named any more is forgotten where it has none.
 */
export function keepShares(inForce: Shares, named: Shares): Shares {
  const kept = Object.entries(inForce).filter(([home, share]) => share > 0 || home in named);
  const added = Object.keys(named).filter((home) => !(home in inForce));
  return Object.fromEntries([...kept, ...added.map((home) => [home, 0] as const)]);
}

/**
 * Homes that may serve a request, the one that its place falls to first, then the others with a share. Each
 * home has one stretch of 0..100, in the order of the names: when the share of one home grows, its stretch
 * grows to both sides, and nobody who was in it leaves.
 */
export function homesFor(shares: Shares, place: number): readonly string[] {
  const homes = Object.keys(shares)
    .filter((home) => (shares[home] ?? 0) > 0)
    .sort();
  let end = 0;
  const chosen = homes.findIndex((home) => {
    end += shares[home] ?? 0;
    return place < end;
  });
  const first = homes[chosen] ?? homes.at(-1);
  return first === undefined ? [] : [first, ...homes.filter((home) => home !== first)];
}

/** The place of a request without a cohort: somewhere in 0..100. */
export function randomPlace(): number {
  return Math.random() * 100;
}

/** The place of a caller by something that names it, always the same one. */
export function placeOf(caller: string): number {
  return (createHash('sha256').update(caller).digest().readUInt32BE(0) / 2 ** 32) * 100;
}

/** One value out of a Cookie header. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const split = pair.indexOf('=');
    if (split > 0 && pair.slice(0, split).trim() === name) return pair.slice(split + 1).trim();
  }
  return undefined;
}
