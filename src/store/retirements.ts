import type { App } from '../model/app.ts';
import type { Failure } from '../model/failure.ts';
import type { NativeObject } from '../model/native.ts';
import type { Release } from '../model/release.ts';

/** What is remembered of retirements: figures that prove that nothing comes any more, and what was removed. */
export interface RetirementStore {
  /** What the edge had counted of an app when somebody looked first; undefined where nobody did. */
  reading(app: string, environment: string, home: string): Promise<Reading | undefined | Failure>;
  /** In place of the one before. */
  saveReading(reading: Reading): Promise<undefined | Failure>;
  forgetReading(app: string, environment: string, home: string): Promise<undefined | Failure>;
  /** Kept for good, one for each retirement: a second one of the same id takes the first one's place. */
  saveSnapshot(snapshot: Snapshot): Promise<undefined | Failure>;
  /** Latest first. */
  snapshots(filter: SnapshotFilter): Promise<readonly Snapshot[] | Failure>;
}

/** What an edge had counted of an app, when. */
export interface Reading {
  readonly app: string;
  readonly environment: string;
  /** The home that is to be retired. */
  readonly home: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Requests by home, since the edge started. */
  readonly requests: Readonly<Record<string, number>>;
}

/** An app in a home as it was before it was retired. Values of secrets are in none of it. */
export interface Snapshot {
  /** The deployment that retired it. */
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly home: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Native objects as they were observed, secrets replaced by `(env:NAME)`. */
  readonly objects: readonly NativeObject[];
  /** What was deployed there; undefined where nothing was. */
  readonly model?: App;
  /** Undefined where it was not deployed by rehome. */
  readonly release?: Release;
  /** The manifest's file, relative to the workspace, and its text, as it was then. */
  readonly manifest?: { readonly file: string; readonly text: string };
}

export interface SnapshotFilter {
  readonly app?: string;
  readonly environment?: string;
  readonly home?: string;
}
