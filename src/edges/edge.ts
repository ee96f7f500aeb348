import type { ZodType } from 'zod';
import type { Host } from '../host/host.ts';
import type { Failure } from '../model/failure.ts';

/** What splits an app's traffic between homes: one stable address per app and environment in front. */
export interface EdgeType<Settings = never> {
  /** As `edge: {type}` in rehome.yaml says it. */
  readonly name: string;
  readonly settings: ZodType<Settings>;
  connect(settings: Settings, context: EdgeContext): Edge;
}

export interface EdgeContext {
  readonly host: Host;
  readonly environment: string;
  /** Folder for the edge's own state, inside the workspace. */
  readonly folder: string;
}

export interface Edge {
  /** Makes the front and backends of an app as wanted; does nothing where they are. */
  reconcile(front: Front, signal?: AbortSignal): Promise<undefined | Failure>;
  /** Sets the shares of an app, in percent by home; they add up to 100. Raises before it lowers. */
  setShare(app: string, shares: Shares, signal?: AbortSignal): Promise<undefined | Failure>;
  getShare(app: string, signal?: AbortSignal): Promise<Shares | undefined | Failure>;
  /** Reads back what really is in force and compares. */
  verifyShare(app: string, shares: Shares, signal?: AbortSignal): Promise<undefined | Failure>;
  /** Takes one instance out of rotation and resolves when nothing is in flight to it, or fails after `atMostMs`. */
  drain(app: string, backend: Backend, atMostMs: number, signal?: AbortSignal): Promise<undefined | Failure>;
  stats(app: string, signal?: AbortSignal): Promise<readonly HomeStats[] | Failure>;
  /** Takes an app's front away. */
  remove(app: string, signal?: AbortSignal): Promise<undefined | Failure>;
}

/** The stable address of one app in one environment, and what stands behind it. */
export interface Front {
  readonly app: string;
  readonly address: Address;
  /** Routes that outsiders may use; internal callers may use any path. */
  readonly shares: Shares;
  /** Instances by home. A home with share 0 gets no request, not even as a fallback. */
  readonly backends: Readonly<Record<string, readonly Backend[]>>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Backend extends Address {
  readonly id: string;
}

/** Percent by home. */
export type Shares = Readonly<Record<string, number>>;

/** Counted since the edge started. */
export interface HomeStats {
  readonly home: string;
  readonly backends: number;
  readonly requests: number;
  /** Answers of 500 and above, and requests that got no answer. */
  readonly errors: number;
  readonly inFlight: number;
  /** Upgraded connections that are open. */
  readonly websockets: number;
}
