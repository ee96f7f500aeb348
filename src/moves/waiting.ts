import type { Action, Observation, SeenHome } from './move.ts';

export function wait(why: string, until?: number): Action {
  return { kind: 'wait', why, ...(until === undefined ? {} : { until }) };
}

/** Why nothing can be done to one of the homes, or the app, at the moment. */
export function obstacle({ busy }: Observation, ...homes: readonly SeenHome[]): Action | undefined {
  if (busy) return wait(busy);
  const silent = homes.filter((home) => home.silent);
  if (silent.length === 0) return undefined;
  const names = silent.map(({ home }) => home).join(' and ');
  return wait(`${names} ${silent.length === 1 ? 'does' : 'do'} not answer: ${silent[0]?.silent}`);
}

/** Both releases in one word: whatever was found out about them holds as long as it is the same. */
export function releasesOf({ from, to }: Pick<Observation, 'from' | 'to'>): string {
  return `${from.identity}/${to.identity}`;
}

type Split = Pick<Observation, 'shares'> & { readonly [home in 'from' | 'to']: Pick<SeenHome, 'home'> };

/** Traffic of the two homes together; others of the app keep theirs. */
export function movable({ shares, from, to }: Split): number {
  return (shares[from.home] ?? 0) + (shares[to.home] ?? 0);
}

/** The new home's part of what is moved, in percent of it. */
export function progressOf(seen: Split): number {
  const whole = movable(seen);
  return whole === 0 ? 0 : ((seen.shares[seen.to.home] ?? 0) / whole) * 100;
}

/** The shares when the new home has so many percent of what is moved. */
export function sharesAt(seen: Observation, percent: number): Readonly<Record<string, number>> {
  const whole = movable(seen);
  const moved = (whole * percent) / 100;
  return { ...seen.shares, [seen.from.home]: whole - moved, [seen.to.home]: moved };
}

/** Deploys to a home what it is to be with this share and duty, unless it is that already, as most apps always are. */
export function adapt(
  home: SeenHome,
  version: string,
  share: number,
  duty: boolean,
): Extract<Action, { kind: 'deploy' }> | undefined {
  if (home.fits(share, duty)) return undefined;
  const standing = share > 0 ? `${share} % of the traffic` : duty ? 'duty' : 'neither traffic nor duty';
  return {
    kind: 'deploy',
    home: home.home,
    version,
    share,
    duty,
    why: `${home.home} is to have ${standing}`,
  };
}
