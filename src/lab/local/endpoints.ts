import { randomUUID } from 'node:crypto';
import type { Instance } from '../orchestrator/orchestrator.ts';

/** An address of a service that may get traffic. */
export interface Endpoint {
  /** Id of the instance's task: another one after every start. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly ports: readonly number[];
}

/** Someone who follows the endpoints of one service. */
export interface Follower {
  /** First what is now, then at every change. */
  endpoints(endpoints: readonly Endpoint[]): void;
  /** With it the follower is a holder: an instance is ended only after it said so, or after `withinMs`. */
  drain?(drain: Drain): void;
}

export interface Drain {
  /** To be acknowledged with. */
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly withinMs: number;
}

/** Tells followers of endpoints, and waits for holders before an instance is ended. */
export interface EndpointHub {
  /** Returns the way to leave; one that leaves holds nothing any more. */
  follow(key: string, follower: Follower, now: readonly Endpoint[]): () => void;
  /** Tells those who follow where the endpoints are others than they know. */
  changed(key: string, now: () => readonly Endpoint[]): void;
  /** Resolves when every holder acknowledged or left, or after `withinMs`; at once without holders. */
  drained(key: string, endpoint: Endpoint, withinMs: number): Promise<void>;
  /** Every holder acknowledges with the drain it was told; false where nobody waits for it. */
  acknowledge(drain: string): boolean;
  /** How many follow and hold. */
  counts(key: string): { readonly followers: number; readonly holders: number };
}

interface Seat {
  readonly follower: Follower;
  known: string;
  /** Drains that this holder has not acknowledged, and what to call then. */
  readonly open: Map<string, () => void>;
}

export function createEndpointHub(): EndpointHub {
  const seats = new Map<string, Set<Seat>>();
  const waiting = new Map<string, Seat>();
  const at = (key: string): readonly Seat[] => [...(seats.get(key) ?? [])];

  const tell = (seat: Seat, endpoints: readonly Endpoint[]): void => {
    const known = JSON.stringify(endpoints);
    if (known === seat.known) return;
    seat.known = known;
    seat.follower.endpoints(endpoints);
  };
  const release = (drain: string): boolean => {
    const seat = waiting.get(drain);
    waiting.delete(drain);
    const done = seat?.open.get(drain);
    seat?.open.delete(drain);
    done?.();
    return seat !== undefined;
  };
  const ask = (seat: Seat, endpoint: Endpoint, withinMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const id = randomUUID();
    const timer = setTimeout(() => release(id), withinMs);
    waiting.set(id, seat);
    seat.open.set(id, () => {
      clearTimeout(timer);
      resolve();
    });
    seat.follower.drain?.({ id, endpoint, withinMs });
    return promise;
  };

  return {
    follow(key, follower, now) {
      const seat: Seat = { follower, known: '', open: new Map() };
      seats.set(key, (seats.get(key) ?? new Set()).add(seat));
      tell(seat, now);
      return () => {
        seats.get(key)?.delete(seat);
        if (seats.get(key)?.size === 0) seats.delete(key);
        for (const drain of [...seat.open.keys()]) release(drain);
      };
    },
    changed(key, now) {
      const there = at(key);
      if (there.length === 0) return;
      const endpoints = now();
      for (const seat of there) tell(seat, endpoints);
    },
    async drained(key, endpoint, withinMs) {
      const holders = at(key).filter(({ follower }) => follower.drain);
      await Promise.all(holders.map((seat) => ask(seat, endpoint, withinMs)));
    },
    acknowledge: release,
    counts(key) {
      const there = at(key);
      return {
        followers: there.length,
        holders: there.filter(({ follower }) => follower.drain).length,
      };
    },
  };
}

/** Undefined for an instance without ports. */
export function endpointOf(instance: Instance, host: string): Endpoint | undefined {
  const [port] = instance.ports;
  return port === undefined ? undefined : { id: instance.taskId, host, port, ports: instance.ports };
}

/** Of the instances that may get traffic. */
export function endpointsOf(instances: readonly Instance[], host: string): readonly Endpoint[] {
  return instances.filter(({ serving }) => serving).flatMap((instance) => endpointOf(instance, host) ?? []);
}
