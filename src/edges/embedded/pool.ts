import type { Backend, HomeStats } from '../edge.ts';
import { sameBackend } from '../same-backend.ts';
import { createInstance, type Instance } from './instance.ts';
import { createTally, type Tally } from './tally.ts';

/** The instances of one home behind one front. */
export interface Pool {
  readonly home: string;
  readonly tally: Tally;
  /** Where instances are, the drained ones included. */
  readonly backends: readonly Backend[];
  /** Ids of instances that are out of rotation though they are still there. */
  readonly drained: readonly string[];
  /** Makes it so; returns the instances that left and get nothing more. */
  set(backends: readonly Backend[]): readonly Instance[];
  /** Out of rotation; what of it may still be answering. */
  takeOut(backend: Backend): readonly Instance[];
  putBack(ids: readonly string[]): void;
  /** The instance with the least in flight that was not tried, those that refused lately last. */
  pick(tried: ReadonlySet<Instance>): Instance | undefined;
  /** Closes connections that nobody uses. */
  closeIdle(): void;
  /** Instances that may be picked. */
  readonly size: number;
  stats(): HomeStats;
}

export function createPool(home: string, connectMs: number): Pool {
  let instances: readonly Instance[] = [];
  const leaving = new Set<Instance>();
  const drained = new Set<string>();
  const tally = createTally();
  let turn = 0;

  const inRotation = () => instances.filter(({ backend }) => !drained.has(backend.id));
  const leave = (instance: Instance) => {
    leaving.add(instance);
    void untilIdle(instance).then(() => {
      leaving.delete(instance);
      instance.connections.closeIdle();
    });
  };

  return {
    home,
    tally,
    get backends() {
      return instances.map(({ backend }) => backend);
    },
    get drained() {
      return [...drained];
    },
    get size() {
      return inRotation().length;
    },
    set(backends) {
      const left = instances.filter(({ backend }) => !backends.some((one) => sameBackend(one, backend)));
      instances = backends.map(
        (backend) =>
          instances.find((one) => sameBackend(one.backend, backend)) ?? createInstance(backend, connectMs),
      );
      for (const id of drained) if (!backends.some((backend) => backend.id === id)) drained.delete(id);
      for (const instance of left) leave(instance);
      return left;
    },
    takeOut(backend) {
      const known = instances.filter((instance) => sameBackend(instance.backend, backend));
      if (known.length > 0) drained.add(backend.id);
      return [...known, ...[...leaving].filter((instance) => sameBackend(instance.backend, backend))];
    },
    closeIdle() {
      for (const { connections } of instances) connections.closeIdle();
    },
    putBack(ids) {
      for (const id of ids) drained.delete(id);
    },
    pick(tried) {
      return leastBusy(
        inRotation().filter((instance) => !tried.has(instance)),
        turn++,
      );
    },
    stats: () => ({ home, backends: inRotation().length, ...tally.read() }),
  };
}

/** Equals take turns, so that an idle app's requests go round. */
function leastBusy(instances: readonly Instance[], turn: number): Instance | undefined {
  const now = performance.now();
  const trusted = instances.filter(({ suspectUntil }) => suspectUntil <= now);
  const candidates = trusted.length > 0 ? trusted : instances;
  const least = Math.min(...candidates.map(({ inFlight }) => inFlight));
  const equals = candidates.filter(({ inFlight }) => inFlight === least);
  return equals[turn % equals.length];
}

async function untilIdle(instance: Instance): Promise<void> {
  while (!(await instance.idle(60_000)));
}
