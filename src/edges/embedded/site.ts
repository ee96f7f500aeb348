import type { Clock } from '../../host/host.ts';
import { type Failure, fail } from '../../model/failure.ts';
import type { Backend, Shares } from '../edge.ts';
import { createEars } from './ears.ts';
import { type Follow, type Follower, startFollower } from './follower.ts';
import { createFront, type FrontSpec, type LiveFront } from './front.ts';
import type { Limits } from './limits.ts';
import type { EdgeReport, EdgeState } from './protocol.ts';
import type { RequestProxy } from './proxy.ts';

/** One front at work: its listener, its pools, and the followers that keep them. */
export interface Site {
  readonly front: LiveFront;
  /** Makes it so. `no-free-port` when the address cannot be listened on; then nothing changed. */
  reconcile(spec: FrontSpec, backends: Backends): Promise<undefined | Failure>;
  /** Listens and follows again after a restart; an address that others hold is tried until it is free. */
  resume(): Promise<void>;
  /** Whether every home whose share would grow has an instance; waits a little for one. `refused` if not. */
  raisable(shares: Shares): Promise<undefined | Failure>;
  setShare(shares: Shares): void;
  drain(backend: Backend, atMostMs: number, signal: AbortSignal): Promise<undefined | Failure>;
  report(): EdgeReport['fronts'][number];
  state(): EdgeState['fronts'][number];
  close(): Promise<void>;
}

export type Backends = Readonly<Record<string, readonly Backend[]>>;

export interface SiteContext {
  readonly proxy: RequestProxy;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly follow?: Follow | undefined;
  /** Told after every change that `state` shows; resolves when it is written down. */
  readonly changed: () => Promise<unknown>;
  readonly log: (line: string) => void;
}

const insistMs = 250;

export function createSite(first: FrontSpec, context: SiteContext): Site {
  const { limits, clock, changed, log } = context;
  const front = createFront(first, limits);
  const followers = new Map<string, Follower>();
  const ears = createEars(front, context);
  const closing = new AbortController();

  const listenAt = ({ address, also = [] }: FrontSpec) => ears.open(address, also);

  const insist = async () => {
    while (!closing.signal.aborted && (await listenAt(front.spec)))
      await clock.sleep(insistMs, closing.signal);
  };

  const keepHomes = (homes: readonly string[]) => {
    for (const { home } of front.pools) {
      if (homes.includes(home)) continue;
      followers.get(home)?.stop();
      followers.delete(home);
      front.dropPool(home);
    }
    const { follow } = context;
    for (const home of follow ? homes : []) {
      if (!follow || followers.has(home)) continue;
      followers.set(home, startFollower({ front, home, follow, clock, changed, log }));
    }
  };

  return {
    front,
    async reconcile(spec, backends) {
      const failure = await listenAt(spec);
      if (failure) return failure;
      front.update(spec);
      for (const [home, instances] of Object.entries(backends)) {
        if (followers.get(home)?.seen) continue;
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
      return empty === undefined ? undefined : nowhereToGo(front, empty);
    },
    setShare(shares) {
      front.update({ ...front.spec, shares });
      keepHomes([...new Set([...Object.keys(shares), ...front.pools.map(({ home }) => home)])]);
    },
    async drain(backend, atMostMs, signal) {
      const instances = front.pools.flatMap((pool) => pool.takeOut(backend));
      const idle = await Promise.all(instances.map((instance) => instance.idle(atMostMs, signal)));
      if (idle.every(Boolean)) return;
      const left = instances.reduce((sum, { inFlight }) => sum + inFlight, 0);
      const seconds = Math.round(atMostMs / 100) / 10;
      const what = `${left} requests to instance ${backend.id} of ${front.spec.app}`;
      return fail('not-drained', `${what} have not ended after ${seconds} s.`);
    },
    report: () => ({
      ...named(front.spec),
      listening: ears.listening,
      ...(ears.missing.length > 0 ? { missing: [...ears.missing] } : {}),
      homes: front.pools.map(({ home, backends, drained }) => {
        const problem = followers.get(home)?.problem;
        return { home, backends: [...backends], drained: [...drained], ...(problem ? { problem } : {}) };
      }),
    }),
    state: () => ({
      ...named(front.spec),
      ...(front.spec.also ? { also: front.spec.also } : {}),
      ...(front.spec.cohortCookie ? { cohortCookie: front.spec.cohortCookie } : {}),
      homes: Object.fromEntries(
        front.pools.map(({ home, backends, drained }) => [
          home,
          { backends: [...backends], drained: [...drained] },
        ]),
      ),
    }),
    async close() {
      closing.abort();
      for (const follower of followers.values()) follower.stop();
      await ears.close();
      for (const pool of front.pools) pool.closeIdle();
    },
  };
}

function raised(from: Shares, to: Shares): readonly string[] {
  return Object.keys(to).filter((home) => (to[home] ?? 0) > (from[home] ?? 0));
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

function nowhereToGo({ spec }: LiveFront, home: string): Failure {
  const message = `The share of ${home} cannot be raised: no instance of ${spec.app} takes requests there.`;
  return fail('refused', message, { hint: `deploy ${spec.app} to ${spec.environment}.${home} first` });
}

function named({ environment, app, address, shares }: FrontSpec) {
  return { environment, app, address, shares };
}
