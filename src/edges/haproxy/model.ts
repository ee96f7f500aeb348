import { createHash } from 'node:crypto';
import type { Address, Backend, Shares } from '../edge.ts';

/** One environment as its HAProxy is to be. */
export interface HaproxyModel {
  readonly environment: string;
  readonly fronts: readonly FrontModel[];
  readonly paths: Paths;
  readonly options: Options;
}

/** Where its files are, as HAProxy is to read them. */
export interface Paths {
  readonly map: string;
  readonly lua: string;
  /** Socket on which the daemon hears of requests. */
  readonly log: string;
  /** Socket of the Runtime API, where the process is rehome's own; else it is somebody else's to configure. */
  readonly stats?: string;
  /** Differs between two workspaces on one machine: names of internal sockets are made of it. */
  readonly scope: string;
}

/** Durations as HAProxy writes them. */
export interface Options {
  readonly retry: Retry;
  /** By app, where it is not `retry`. */
  readonly retryOf: Readonly<Record<string, Retry>>;
  readonly hardStopAfter: string;
  readonly threads?: number | undefined;
  /** How long a request waits for an instance, ms. */
  readonly waitMs: number;
  /** How long a connection to an instance may take to stand, ms. */
  readonly connectMs: number;
}

/** Which requests are sent a second time when their instance ends without an answer. */
export type Retry = 'safe' | 'all' | 'none';

export interface FrontModel {
  readonly app: string;
  readonly address: Address;
  readonly also: readonly string[];
  readonly shares: Shares;
  readonly cohortCookie?: string | undefined;
  /** In the order of their names. */
  readonly homes: readonly HomeModel[];
}

export interface HomeModel {
  readonly home: string;
  readonly slots: readonly Slot[];
}

/** One server line: where an instance is put without a reload. `out` gets nothing new; what it has, ends by itself. */
export interface Slot {
  readonly state: 'free' | 'ready' | 'out';
  /** Absent where free. The host is an address, no name. */
  readonly backend?: Backend;
}

/**
 * Names inside HAProxy: letters, digits and `.:_-` are allowed. Environments, apps and homes never hold a colon or
 * begin with an underscore, so that no two of these meet.
 */
export const names = {
  front: (environment: string, app: string) => `${environment}:${app}`,
  pool: (environment: string, app: string, home: string) => `${environment}:${app}:${home}`,
  /** Where a pool's requests go that none of its servers takes. */
  over: (environment: string, app: string, home: string) => `_over:${environment}:${app}:${home}`,
  /** Sends a request through the front again, as the first one of a connection. */
  again: (environment: string, app: string) => `_again:${environment}:${app}`,
  /** A proxy that says by its name which configuration is running. */
  made: (environment: string, hash: string) => `_made:${environment}:${hash}`,
  ring: (environment: string) => `rehome-${environment}`,
  slot: (index: number) => `s${index + 1}`,
};

/** Name of the server of a pool that leads to `names.over`. */
export const overServer = 'over';

/** An internal socket: short whatever its name is, because the kernel allows 107 characters. */
export function internalSocket(scope: string, name: string): string {
  return `abns@rehome-${createHash('sha256').update(`${scope}\n${name}`).digest('hex').slice(0, 32)}`;
}
