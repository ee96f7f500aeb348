import assert from 'node:assert/strict';
import type { Address, Backend, Edge, Front } from '../../../src/edges/edge.ts';
import { isFailure } from '../../../src/model/failure.ts';
import type { Instance } from './instance.ts';

/** How the shared suite gets at one kind of edge. */
export interface EdgeSuite {
  /** Starts an edge of its own, with callers kept in cohorts by the cookie `uid`. */
  start(options: EdgeOptions): Promise<EdgeUnderTest>;
  /** Whether it can follow instances by itself; see `EdgeCapabilities`. */
  readonly follows: boolean;
  /** How often a request that changes nothing is sent at most, when instance after instance ends under it. */
  readonly mostTries: number;
  /** Whether an answer of unknown length that breaks off is a reset for a caller of HTTP/1.0, who cannot tell otherwise. */
  readonly resets: boolean;
  /** Why it cannot run on this machine. */
  readonly without?: string | false;
}

export interface EdgeOptions {
  /** Where its workspace is made; default: the machine's folder for such things. */
  readonly folder?: string;
  /** Where a test home tells its instances (see home.ts), for an edge that follows. */
  readonly homeUrl?: string;
}

export interface EdgeUnderTest {
  readonly edge: Edge;
  /** An address of its own for a front; every call gives another one. */
  address(): Address;
  /** Its processes. */
  pids(): readonly number[];
  /** Kills it without notice and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A front with its instances, made on the edge. */
export async function makeFront(
  under: EdgeUnderTest,
  app: string,
  homes: Readonly<Record<string, readonly Instance[]>>,
  shares: Readonly<Record<string, number>>,
): Promise<Front> {
  const backends = Object.fromEntries(
    Object.entries(homes).map(([home, instances]) => [home, instances.map(({ backend }) => backend)]),
  );
  const front = { app, address: under.address(), shares, backends };
  good(await under.edge.reconcile(front));
  return front;
}

/** The same front with other instances. */
export async function setBackends(
  under: EdgeUnderTest,
  front: Front,
  backends: Readonly<Record<string, readonly Backend[]>>,
): Promise<Front> {
  const next = { ...front, backends };
  good(await under.edge.reconcile(next));
  return next;
}

export function urlOf({ address }: Front, path = '/'): string {
  return `http://${address.host}:${address.port}${path}`;
}

/** The value, which must not be a failure. */
export function good<T>(value: T): Exclude<T, { kind: 'Failure' }> {
  assert.ok(
    !isFailure(value),
    isFailure(value) ? `${value.code}: ${value.message} ${value.found ?? ''}` : '',
  );
  return value as Exclude<T, { kind: 'Failure' }>;
}

/** Waits for a condition, and fails when it does not come. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, atMostMs = 5_000) {
  const deadline = performance.now() + atMostMs;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${atMostMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
