/** Bounds of everything that waits, in ms. */
export interface Limits {
  /** A request waits this long for an instance to appear before it is answered with 503. */
  readonly waitMs: number;
  /** A connection to an instance must stand after this time. */
  readonly connectMs: number;
  /** An instance that refused a connection is asked last for this long. */
  readonly suspectMs: number;
  /** A home is told that its leaving instance is drained after this time even when requests do not end. */
  readonly drainMs: number;
  /** A home whose share is raised must have an instance within this time. */
  readonly raiseMs: number;
  /** Requests get this long to end when the edge stops or a front is taken away. */
  readonly stopMs: number;
}

export const defaultLimits: Limits = {
  waitMs: 2_000,
  connectMs: 1_000,
  suspectMs: 500,
  drainMs: 15_000,
  raiseMs: 5_000,
  stopMs: 5_000,
};
