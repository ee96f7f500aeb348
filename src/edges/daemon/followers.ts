import type { Follow, Follower, FollowerContext } from './follower.ts';
import { startFollower } from './follower.ts';

/** The followers of all homes of one front. */
export interface Followers {
  /** Follows exactly these homes. */
  keep(homes: readonly string[]): void;
  /** Whether the home has spoken, so that what others say of its instances does not count. */
  seen(home: string): boolean;
  problem(home: string): string | undefined;
  stop(): void;
}

export function createFollowers(
  follow: Follow | undefined,
  context: Omit<FollowerContext, 'home' | 'follow'>,
): Followers {
  const followers = new Map<string, Follower>();
  const drop = (home: string) => {
    followers.get(home)?.stop();
    followers.delete(home);
  };
  return {
    keep(homes) {
      for (const home of [...followers.keys()]) if (!homes.includes(home)) drop(home);
      for (const home of follow ? homes : []) {
        if (follow && !followers.has(home)) followers.set(home, startFollower({ ...context, home, follow }));
      }
    },
    seen: (home) => followers.get(home)?.seen ?? false,
    problem: (home) => followers.get(home)?.problem,
    stop() {
      for (const home of [...followers.keys()]) drop(home);
    },
  };
}
