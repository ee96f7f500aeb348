import type { Clock, Host } from '../../host/host.ts';
import type { Failure } from '../../model/failure.ts';
import type { Address, Backend, HomeStats, Shares } from '../edge.ts';
import type { Follow } from './follower.ts';
import type { Limits } from './limits.ts';
import type { EdgeReport, EdgeState } from './protocol.ts';

/** What a front is made of, and what is written down of it. */
export interface FrontSpec {
  readonly environment: string;
  readonly app: string;
  readonly address: Address;
  /** Addresses of this machine where the same port is listened on too. */
  readonly also?: string[] | undefined;
  readonly shares: Shares;
  /** Name of the cookie whose value keeps a caller in one cohort. */
  readonly cohortCookie?: string | undefined;
  /** Name of the edge that carries it; without one, the embedded edge. */
  readonly edge?: string | undefined;
  /** What that edge wants to know beyond this. */
  readonly settings?: Record<string, unknown> | undefined;
}

/** One front at work, and the followers that keep its instances. */
export interface Site {
  readonly spec: FrontSpec;
  /** Makes it so. `no-free-port` when the address cannot be listened on; then nothing changed. */
  reconcile(spec: FrontSpec, backends: Backends): Promise<undefined | Failure>;
  /** Listens and follows again after a restart; an address that others hold is tried until it is free. */
  resume(): Promise<void>;
  /** Whether every home whose share would grow has an instance; waits a little for one. `refused` if not. */
  raisable(shares: Shares): Promise<undefined | Failure>;
  /** Resolves when they are in force. */
  setShare(shares: Shares): Promise<undefined | Failure>;
  /** As they are in force, whoever set them. */
  shares(): Promise<Shares | Failure>;
  /** Reads back all that decides where requests go: `share-differs`. */
  verify(shares: Shares): Promise<undefined | Failure>;
  drain(backend: Backend, atMostMs: number, signal: AbortSignal): Promise<undefined | Failure>;
  stats(): Promise<readonly HomeStats[] | Failure>;
  report(): EdgeReport['fronts'][number];
  state(): EdgeState['fronts'][number];
  /** The front is taken away: its address is closed, requests under way end. */
  remove(): Promise<undefined | Failure>;
  /** The daemon ends. */
  close(): Promise<void>;
}

export type Backends = Readonly<Record<string, readonly Backend[]>>;

/** One way to carry the traffic of fronts. */
export interface Carrier {
  /** Puts back what was written down. */
  site(spec: FrontSpec, homes: SavedHomes): Site | Failure;
  /** The daemon ends, and with it what carries; the sites are closed already. */
  close(): Promise<void>;
}

export type SavedHomes = EdgeState['fronts'][number]['homes'];

export interface CarrierContext {
  readonly host: Host;
  /** For the edge's own state: `.rehome/edge` in the workspace. */
  readonly folder: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly follow?: Follow | undefined;
  /** Told after every change that `state` shows; resolves when it is written down. */
  readonly changed: () => Promise<unknown>;
  readonly log: (line: string) => void;
}

/** Opens what carries, by the name of its edge. */
export type Carriers = Readonly<Record<string, (context: CarrierContext) => Carrier>>;

/** Edge of fronts that name none: what was written down before there was a choice. */
export const firstEdge = 'embedded';
