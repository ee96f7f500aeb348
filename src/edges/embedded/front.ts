import type { Limits } from '../daemon/limits.ts';
import type { FrontSpec } from '../daemon/site.ts';
import type { Backend, HomeStats } from '../edge.ts';
import { cookieOf, homesFor, placeOf, randomPlace } from '../share.ts';
import type { Instance } from './instance.ts';
import { createPool, type Pool } from './pool.ts';

/** One front as it is at work: which instance a request goes to. Knows nothing of HTTP. */
export interface LiveFront {
  readonly spec: FrontSpec;
  readonly limits: Limits;
  update(spec: FrontSpec): void;
  /** The pool of a home; made when it is asked for first. */
  pool(home: string): Pool;
  readonly pools: readonly Pool[];
  /** The home gets nothing more; what is in flight to it ends by itself. */
  dropPool(home: string): void;
  setBackends(home: string, backends: readonly Backend[]): readonly Instance[];
  /** Where a caller stands between the homes, 0..100. */
  place(cookies: string | undefined): number;
  /** The instance for a request at `place`, from homes with a share alone. */
  pick(place: number, tried: ReadonlySet<Instance>): Picked | undefined;
  /** The home that a place falls to, for counting what no instance answered. */
  homeAt(place: number): string | undefined;
  /** Resolves when instances or shares may have changed, or after `atMostMs`. */
  changed(atMostMs: number): Promise<void>;
  announceChange(): void;
  stats(): readonly HomeStats[];
}

export interface Picked {
  readonly pool: Pool;
  readonly instance: Instance;
  /** Taken over from another home. */
  readonly overflow: boolean;
}

export function createFront(first: FrontSpec, limits: Limits): LiveFront {
  let spec = first;
  const pools = new Map<string, Pool>();
  const waiting = new Set<() => void>();

  const front: LiveFront = {
    limits,
    get spec() {
      return spec;
    },
    get pools() {
      return [...pools.values()];
    },
    update(next) {
      spec = next;
      for (const home of Object.keys(next.shares)) front.pool(home);
      front.announceChange();
    },
    pool(home) {
      const pool = pools.get(home) ?? createPool(home, limits.connectMs);
      pools.set(home, pool);
      return pool;
    },
    dropPool(home) {
      pools.get(home)?.set([]);
      pools.delete(home);
      front.announceChange();
    },
    setBackends(home, backends) {
      const left = front.pool(home).set(backends);
      front.announceChange();
      return left;
    },
    place: (cookies) => placeByCookie(cookies, spec.cohortCookie) ?? randomPlace(),
    homeAt: (place) => homesFor(spec.shares, place)[0],
    pick(place, tried) {
      for (const [index, home] of homesFor(spec.shares, place).entries()) {
        const pool = pools.get(home);
        const instance = pool?.pick(tried);
        if (pool && instance) return { pool, instance, overflow: index > 0 };
      }
      return undefined;
    },
    changed(atMostMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, atMostMs);
      waiting.add(resolve);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(resolve);
      });
    },
    announceChange() {
      for (const wake of waiting) wake();
    },
    stats: () => front.pools.map((pool) => pool.stats()),
  };
  front.update(first);
  return front;
}

function placeByCookie(cookies: string | undefined, name: string | undefined): number | undefined {
  const value = name === undefined ? undefined : cookieOf(cookies, name);
  return value === undefined ? undefined : placeOf(value);
}
