import type { ZodType } from 'zod';
import type { Host } from '../host/host.ts';
import type { Failure } from '../model/failure.ts';

/** What splits an app's traffic between homes: one stable address per app and environment in front. */
export interface EdgeType<Settings = unknown> {
  /** As `edge: {type}` in rehome.yaml says it. */
  readonly name: string;
  /** Keys under `edge:` in rehome.yaml, beside `type`. */
  readonly settings: ZodType<Settings>;
  readonly capabilities: EdgeCapabilities;
  connect(settings: Settings, context: EdgeContext): Edge;
  /** Ports that stable addresses are chosen from; the first one of a block is its mark and never an address. */
  addresses(machine: EdgeMachine): AddressBlock | Failure;
  /** Starts the edge unless it runs, where it is a process of this machine; absent where it runs by itself. */
  readonly up?: (machine: EdgeMachine) => Promise<undefined | Failure>;
  /** What it needs on this machine and finds there, in words; a failure where it would not work. */
  look?(settings: Settings, machine: EdgeMachine): Promise<string | Failure>;
}

/** Where an edge that is a process of this machine belongs. */
export interface EdgeMachine {
  readonly host: Host;
  /** Of the workspace. */
  readonly root: string;
  /** Command line that becomes the edge. */
  readonly argv: readonly string[];
}

/** Ports `first` to `first + size - 1`; `first` itself is the mark that the block is claimed. */
export interface AddressBlock {
  readonly first: number;
  readonly size: number;
}

/** What an edge can do; code asks these, never the name. */
export interface EdgeCapabilities {
  /**
   * Whether it learns by itself where instances are as they come and go. Where not, whoever changes a home
   * calls `reconcile` with the backends before and after.
   */
  readonly follows: boolean;
}

export interface EdgeContext {
  readonly host: Host;
  readonly environment: string;
  /** Folder for the edge's own state, inside the workspace. */
  readonly folder: string;
}

/**
 * Every method can be repeated, and none throws a foreseen failure. Failures of all: `edge-not-running`,
 * `wrong-value` for input that makes no sense, and `no-front` where an app has none (but for `reconcile`,
 * `getShare` and `remove`).
 */
export interface Edge {
  /**
   * Makes the front and backends of an app as wanted; does nothing where they are. Shares are set only for a front
   * that does not exist yet: an existing one keeps those that are in force, whatever the caller says, a home that
   * is new to it gets 0, and one that is not named any more and has none is forgotten (`keepShares`).
   * `no-free-port` when the address cannot be listened on.
   */
  reconcile(front: Front, signal?: AbortSignal): Promise<undefined | Failure>;
  /**
   * Sets the shares of an app, in percent by home; they add up to 100. The only way to change them, and in force
   * for every request that comes after it has resolved. Raises before it lowers: `refused`, with nothing changed,
   * when a home whose share grows has no instance, after a short wait for one.
   */
  setShare(app: string, shares: Shares, signal?: AbortSignal): Promise<undefined | Failure>;
  getShare(app: string, signal?: AbortSignal): Promise<Shares | undefined | Failure>;
  /** Reads back what really is in force and compares: `share-differs`. Homes not named have share 0. */
  verifyShare(app: string, shares: Shares, signal?: AbortSignal): Promise<undefined | Failure>;
  /**
   * Takes one instance out of rotation and resolves when no request is in flight to it: `not-drained` after
   * `atMostMs`, and it stays out of rotation. Upgraded connections and event streams never end by themselves;
   * they are left to the instance.
   */
  drain(app: string, backend: Backend, atMostMs: number, signal?: AbortSignal): Promise<undefined | Failure>;
  stats(app: string, signal?: AbortSignal): Promise<readonly HomeStats[] | Failure>;
  /** Takes an app's front away. */
  remove(app: string, signal?: AbortSignal): Promise<undefined | Failure>;
}

/** The stable address of one app in one environment, and what stands behind it. */
export interface Front {
  readonly app: string;
  readonly address: Address;
  /** To begin with; a front that exists keeps its own. */
  readonly shares: Shares;
  /**
   * Instances by home. A home with share 0 gets no request, not even as a fallback. For an edge that follows,
   * this is only what to begin with until it has seen for itself; it may be empty.
   */
  readonly backends: Readonly<Record<string, readonly Backend[]>>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Backend extends Address {
  /** Unique in its home, stable for the life of the instance. */
  readonly id: string;
}

/** Percent by home. */
export type Shares = Readonly<Record<string, number>>;

/** Counted since the edge started; two readings subtract. */
export interface HomeStats {
  readonly home: string;
  /** Instances that take requests now. */
  readonly backends: number;
  readonly requests: number;
  /** Answers of 500 and above, and requests that got no answer. Callers that left are no errors. */
  readonly errors: number;
  /** Of `requests`, those taken over from another home that had no instance to answer. */
  readonly overflow: number;
  readonly inFlight: number;
  /** Open connections that do not end by themselves: upgraded ones and event streams. */
  readonly websockets: number;
  /** From the request's arrival to the head of its answer; see `percentile` in latency.ts. */
  readonly latencies: Latencies;
}

/** A histogram: how many took at most so many ms, and more than the entry before says. Empty entries are left out. */
export type Latencies = readonly (readonly [atMostMs: number, count: number])[];
