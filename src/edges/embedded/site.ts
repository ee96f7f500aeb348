import { createFollowers } from '../daemon/followers.ts';
import { notDrained, nowhereToGo, raised, savedFront } from '../daemon/saved.ts';
import type { CarrierContext, FrontSpec, SavedHomes, Site } from '../daemon/site.ts';
import type { Backend } from '../edge.ts';
import { compareShares } from '../share.ts';
import { createEars } from './ears.ts';
import { createFront, type LiveFront } from './front.ts';
import type { RequestProxy } from './proxy.ts';

export interface SiteContext extends CarrierContext {
  readonly proxy: RequestProxy;
}

const insistMs = 250;

/** One front of the embedded edge: its listener, its pools, and the followers that keep them. */
export function createSite(first: FrontSpec, saved: SavedHomes, context: SiteContext): Site {
  const { limits, clock, changed, log, follow } = context;
  const { app, environment } = first;
  const front = createFront(first, limits);
  putBack(front, saved);
  const ears = createEars(front, context);
  const closing = new AbortController();
  const take = async (home: string, backends: readonly Backend[], signal: AbortSignal) => {
    const left = front.setBackends(home, backends);
    const drained = left.map((instance) => instance.idle(limits.drainMs, signal));
    // Written down before the home may end what left: an edge that comes back must not look for it.
    await Promise.all([changed(), ...drained]);
  };
  const followers = createFollowers(follow, { app, environment, clock, log, take });

  const listenAt = ({ address, also = [] }: FrontSpec) => ears.open(address, also);

  const insist = async () => {
    while (!closing.signal.aborted && (await listenAt(front.spec)))
      await clock.sleep(insistMs, closing.signal);
  };

  const keepHomes = (homes: readonly string[]) => {
    const gone = front.pools.filter(({ home }) => !homes.includes(home));
    followers.keep(homes);
    for (const { home } of gone) front.dropPool(home);
  };

  const close = async () => {
    closing.abort();
    followers.stop();
    await ears.close();
    for (const pool of front.pools) pool.closeIdle();
    return undefined;
  };

  return {
    get spec() {
      return front.spec;
    },
    async reconcile(spec, backends) {
      const failure = await listenAt(spec);
      if (failure) return failure;
      front.update(spec);
      for (const [home, instances] of Object.entries(backends)) {
        if (followers.seen(home)) continue;
        front.setBackends(home, instances);
        front.pool(home).putBack(instances.map(({ id }) => id));
      }
      keepHomes([...new Set([...Object.keys(spec.shares), ...Object.keys(backends)])]);
    },
    async resume() {
      keepHomes(front.pools.map(({ home }) => home));
      const failure = await listenAt(front.spec);
      if (!failure) return;
      log(`${failure.message} It is tried again until it is free.`);
      void insist();
    },
    async raisable(shares) {
      const homes = raised(front.spec.shares, shares);
      const able = await Promise.all(homes.map((home) => hasInstance(front, home)));
      const empty = homes.find((_, at) => !able[at]);
      return empty === undefined ? undefined : nowhereToGo(front.spec, empty);
    },
    async setShare(shares) {
      front.update({ ...front.spec, shares });
      keepHomes([...new Set([...Object.keys(shares), ...front.pools.map(({ home }) => home)])]);
      return undefined;
    },
    shares: async () => front.spec.shares,
    verify: async (shares) => compareShares(app, front.spec.shares, shares),
    async drain(backend, atMostMs, signal) {
      const instances = front.pools.flatMap((pool) => pool.takeOut(backend));
      const idle = await Promise.all(instances.map((instance) => instance.idle(atMostMs, signal)));
      if (idle.every(Boolean)) return;
      const left = instances.reduce((sum, { inFlight }) => sum + inFlight, 0);
      return notDrained(app, backend, left, atMostMs);
    },
    stats: async () => front.stats(),
    report: () => ({
      environment,
      app,
      address: front.spec.address,
      shares: front.spec.shares,
      listening: ears.listening,
      ...(ears.missing.length > 0 ? { missing: [...ears.missing] } : {}),
      homes: front.pools.map(({ home, backends, drained }) => {
        const problem = followers.problem(home);
        return { home, backends: [...backends], drained: [...drained], ...(problem ? { problem } : {}) };
      }),
    }),
    state: () => savedFront(front.spec, front.pools),
    remove: close,
    async close() {
      await close();
    },
  };
}

function putBack(front: LiveFront, homes: SavedHomes): void {
  for (const [home, { backends, drained }] of Object.entries(homes)) {
    front.setBackends(home, backends);
    const out = backends.filter(({ id }) => drained.includes(id));
    for (const backend of out) front.pool(home).takeOut(backend);
  }
}

/** Waits a little for an instance that is just coming up. */
async function hasInstance(front: LiveFront, home: string): Promise<boolean> {
  const deadline = performance.now() + front.limits.raiseMs;
  for (;;) {
    if (front.pool(home).size > 0) return true;
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await front.changed(left);
  }
}
