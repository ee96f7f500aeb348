import type { Shares } from '../edge.ts';

/** A request's place is one of so many; a percent is a hundred of them. */
export const places = 10_000;

/**
 * What the map says of an app: where the stretches of its homes end, in the order of their names and without the last
 * one, joined by colons. `1000` is 10 % for the first of two homes.
 */
export function splitOf(homes: readonly string[], shares: Shares): string {
  let end = 0;
  const ends = homes.slice(0, -1).map((home) => {
    end += shares[home] ?? 0;
    return Math.round((end * places) / 100);
  });
  return ends.length > 0 ? ends.join(':') : String(places);
}

/** The shares that an entry of the map gives these homes; undefined where it is none for so many homes. */
export function sharesIn(homes: readonly string[], split: string): Shares | undefined {
  if (homes.length === 1 && homes[0] !== undefined) return { [homes[0]]: 100 };
  const ends = split.split(':').map(Number);
  const rising = ends.every(
    (end, at) => Number.isInteger(end) && end >= (ends[at - 1] ?? 0) && end <= places,
  );
  if (ends.length !== homes.length - 1 || !rising) return undefined;
  const all = [...ends, places];
  return Object.fromEntries(
    homes.map((home, at) => [home, ((all[at] ?? places) - (all[at - 1] ?? 0)) / (places / 100)]),
  );
}
