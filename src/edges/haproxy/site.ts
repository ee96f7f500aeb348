import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Failure, fail } from '../../model/failure.ts';
import { createFollowers } from '../daemon/followers.ts';
import { notDrained, nowhereToGo, raised, savedFront } from '../daemon/saved.ts';
import type { Backends, CarrierContext, FrontSpec, SavedHomes, Site } from '../daemon/site.ts';
import type { Backend, HomeStats } from '../edge.ts';
import { sameBackend } from '../same-backend.ts';
import type { Balancer } from './balancer.ts';
import type { FigureBook } from './figures.ts';
import type { Hearing } from './hearing.ts';
import { canListen } from './listening.ts';
import { type FrontModel, names, type Slot } from './model.ts';
import { boundAt } from './render.ts';
import { newSlots, place, release } from './slots.ts';

export interface SiteContext extends CarrierContext {
  readonly balancer: Balancer;
  readonly figures: FigureBook;
  readonly hearing: Hearing;
  /** Takes over the settings that come with a front; they hold for all fronts of the environment. */
  readonly configure: (settings: FrontSpec['settings']) => undefined | Failure;
}

/** What is known of a home behind one front. */
interface Home {
  readonly backends: readonly Backend[];
  readonly drained: ReadonlySet<string>;
  readonly slots: readonly Slot[];
}

const lookMs = 10;
const againMs = 500;

/** One front of an HAProxy: where its instances are, kept by followers. */
export function createSite(first: FrontSpec, saved: SavedHomes, context: SiteContext): Site {
  const { balancer, figures, hearing, limits, clock, log, follow, changed } = context;
  const { app, environment } = first;
  let spec = first;
  let homes = new Map(Object.entries(saved).map(([home, known]) => [home, restored(known)] as const));
  const addresses = new Map<string, string>();
  const closing = new AbortController();

  const homeOf = (home: string): Home =>
    homes.get(home) ?? { backends: [], drained: new Set(), slots: newSlots() };
  const update = (home: string, backends: readonly Backend[], drained: ReadonlySet<string>) => {
    const still = new Set([...drained].filter((id) => backends.some((one) => one.id === id)));
    homes.set(home, { backends, drained: still, slots: place(homeOf(home).slots, backends, still) });
  };
  const resolveHosts = async (backends: readonly Backend[]) => {
    for (const { host } of backends) {
      if (isIP(host) !== 0) continue;
      const found = await lookup(host).catch(() => undefined);
      if (found) addresses.set(host, found.address);
      else log(`${host}, where an instance of ${app} is, is no name that leads anywhere`);
    }
  };
  /** HAProxy is told addresses; an instance whose name leads nowhere gets nothing. */
  const addressed = (slot: Slot): Slot => {
    if (!slot.backend || isIP(slot.backend.host) !== 0) return slot;
    const host = addresses.get(slot.backend.host);
    return host ? { ...slot, backend: { ...slot.backend, host } } : { state: 'free' };
  };

  const front = (): FrontModel => ({
    app,
    address: spec.address,
    also: spec.also ?? [],
    shares: spec.shares,
    cohortCookie: spec.cohortCookie,
    homes: [...homes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([home, { slots }]) => ({ home, slots: slots.map(addressed) })),
  });
  const join = () =>
    balancer.members.set(app, {
      front,
      adopt: (shares) => {
        spec = { ...spec, shares };
      },
    });

  const homeNames = () => [...homes.keys()].sort();
  const readHome = (home: string) => figures.read(app, home, homeNames());

  /** How much is in flight to these, once nothing is or the time is over. */
  const untilIdle = async (home: string, some: readonly Backend[], atMostMs: number, signal: AbortSignal) => {
    const deadline = clock.now() + atMostMs;
    for (;;) {
      const { inFlight, complete } = await readHome(home);
      const count = homeOf(home).slots.reduce((sum, slot, index) => {
        const meant = slot.backend && some.some((one) => slot.backend && sameBackend(one, slot.backend));
        return sum + (meant ? (inFlight.get(names.slot(index)) ?? 0) : 0);
      }, 0);
      if (count === 0 && complete) return 0;
      // What a process that does not answer carries is not known: at least one, as far as anybody may rely on it.
      if (clock.now() >= deadline || signal.aborted) return Math.max(count, 1);
      await clock.sleep(lookMs, signal);
    }
  };

  /** What left must not be let go before HAProxy knows. */
  const applied = async (signal: AbortSignal) => {
    for (;;) {
      const failure = await balancer.apply();
      if (!failure || signal.aborted) return;
      log(`${app} in ${environment}: ${failure.message} ${failure.found ?? ''}`);
      await clock.sleep(againMs, signal);
    }
  };

  const take = async (home: string, backends: readonly Backend[], signal: AbortSignal) => {
    await resolveHosts(backends);
    const before = homeOf(home);
    update(home, backends, before.drained);
    const left = before.slots
      .flatMap(({ backend }) => (backend ? [backend] : []))
      .filter((one) => !backends.some((other) => sameBackend(one, other)));
    await Promise.all([changed(), applied(signal)]);
    await letGo(home, left, signal);
  };
  /** Their slots are free when nothing is in flight to them, or they had their time. */
  const letGo = async (home: string, left: readonly Backend[], signal: AbortSignal) => {
    if (left.length === 0 || signal.aborted) return;
    await untilIdle(home, left, limits.drainMs, signal);
    const { slots, ...rest } = homeOf(home);
    homes.set(home, { ...rest, slots: release(slots, left) });
    void balancer.apply();
  };
  const followers = createFollowers(follow, { app, environment, clock, log, take });

  const keepHomes = (wanted: readonly string[]) => {
    followers.keep(wanted);
    homes = new Map(wanted.map((home) => [home, homeOf(home)]));
  };

  const leavers = () =>
    [...homes].map(([home, { slots, backends }]) => {
      const placed = slots.flatMap(({ backend }) => (backend ? [backend] : []));
      return [home, placed.filter((one) => !backends.some((other) => sameBackend(one, other)))] as const;
    });

  const refused = async ({ address }: FrontSpec): Promise<undefined | Failure> => {
    const { host, port } = address;
    if (balancer.listensAt(boundAt(host, port)) || (await canListen(host, port))) return undefined;
    const message = `The edge cannot listen on ${host}:${port} for ${app} in ${environment}.`;
    return fail('no-free-port', message, {
      found: 'EADDRINUSE',
      hint: 'stop the program that listens there',
    });
  };

  const ready = (home: string) => homeOf(home).slots.filter(({ state }) => state === 'ready').length;

  const close = () => {
    closing.abort();
    followers.stop();
  };

  return {
    get spec() {
      return spec;
    },
    async reconcile(next, backends) {
      const failure = context.configure(next.settings) ?? (await refused(next));
      if (failure) return failure;
      const before = { spec, homes: new Map(homes), member: balancer.members.get(app) };
      const named = homesNamed(next, backends);
      await resolveHosts(Object.values(backends).flat());
      spec = next;
      for (const [home, instances] of Object.entries(backends)) {
        if (followers.seen(home)) continue;
        const ids = new Set(instances.map(({ id }) => id));
        update(home, instances, new Set([...homeOf(home).drained].filter((id) => !ids.has(id))));
      }
      homes = new Map(named.map((home) => [home, homeOf(home)]));
      join();
      const result = await balancer.apply();
      if (result) {
        spec = before.spec;
        homes = before.homes;
        if (!before.member) balancer.members.delete(app);
        await balancer.apply();
        return result;
      }
      keepHomes(named);
      for (const [home, left] of leavers()) void letGo(home, left, closing.signal);
      return undefined;
    },
    async resume() {
      await resolveHosts([...homes.values()].flatMap(({ backends }) => backends));
      keepHomes([...new Set([...homes.keys(), ...Object.keys(spec.shares)])]);
      join();
      const failure = await balancer.apply();
      if (failure) log(`${failure.message} ${failure.details ?? ''}`);
      if (failure) void applied(closing.signal);
    },
    async raisable(shares) {
      const deadline = clock.now() + limits.raiseMs;
      for (;;) {
        const empty = raised(spec.shares, shares).find((home) => ready(home) === 0);
        if (empty === undefined) return undefined;
        if (clock.now() >= deadline) return nowhereToGo(spec, empty);
        await clock.sleep(lookMs);
      }
    },
    async setShare(shares) {
      const added = Object.keys(shares).filter((home) => !homes.has(home));
      if (added.length > 0) {
        keepHomes([...homes.keys(), ...added]);
        const failure = await balancer.apply();
        if (failure) return failure;
      }
      return await balancer.setShare(app, shares);
    },
    shares: () => balancer.shares(app),
    verify: (shares) => balancer.verify(app, shares),
    async drain(backend, atMostMs, signal) {
      const there = [...homes].filter(([, { slots }]) =>
        slots.some((slot) => slot.backend && sameBackend(slot.backend, backend)),
      );
      for (const [home, { backends, drained }] of there)
        update(home, backends, new Set([...drained, backend.id]));
      await changed();
      const failure = there.length > 0 ? await balancer.apply() : undefined;
      if (failure) return failure;
      const counts = await Promise.all(there.map(([home]) => untilIdle(home, [backend], atMostMs, signal)));
      const count = counts.reduce((sum, one) => sum + one, 0);
      return count === 0 ? undefined : notDrained(app, backend, count, atMostMs);
    },
    async stats() {
      const found: HomeStats[] = [];
      for (const home of homes.keys()) {
        const { inFlight, streams, up, complete: _complete, ...counts } = await readHome(home);
        found.push({
          home,
          backends: up,
          ...counts,
          inFlight: [...inFlight.values()].reduce((sum, one) => sum + one, 0),
          websockets: streams,
          latencies: hearing.latencies(names.pool(environment, app, home)),
        });
      }
      return found;
    },
    report: () => {
      const missing = balancer.left.missing.get(app) ?? [];
      return {
        environment,
        app,
        address: spec.address,
        shares: spec.shares,
        listening: balancer.listensAt(boundAt(spec.address.host, spec.address.port)),
        ...(missing.length > 0 ? { missing: [...missing] } : {}),
        homes: [...homes].map(([home, { backends, drained }]) => {
          const problem = followers.problem(home);
          return { home, backends: [...backends], drained: [...drained], ...(problem ? { problem } : {}) };
        }),
      };
    },
    state: () =>
      savedFront(
        spec,
        [...homes].map(([home, { backends, drained, slots }]) => ({
          home,
          backends,
          drained: [...drained],
          slots: slots.map(({ backend }) => backend?.id ?? ''),
        })),
      ),
    async remove() {
      close();
      balancer.members.delete(app);
      return await balancer.apply();
    },
    async close() {
      close();
    },
  };
}

function homesNamed({ shares }: FrontSpec, backends: Backends): readonly string[] {
  return [...new Set([...Object.keys(shares), ...Object.keys(backends)])];
}

/** The instances are put back where they were, so that an HAProxy that has gone on is found as it is to be. */
function restored({ backends, drained, slots = [] }: SavedHomes[string]): Home {
  const out = new Set(drained);
  const kept = slots.map((id): Slot => {
    const backend = backends.find((one) => one.id === id);
    return backend ? { state: out.has(id) ? 'out' : 'ready', backend } : { state: 'free' };
  });
  return { backends, drained: out, slots: place(kept.length > 0 ? kept : newSlots(), backends, out) };
}
