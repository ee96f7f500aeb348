import type { ZodType } from 'zod';
import type { Cron, Env, Job, Route } from '../model/app.ts';
import type { Note } from '../model/note.ts';

/**
 * One-line switch of a manifest. A feature knows its own keys and gives parts of a model; it never names
 * a platform.
 */
export interface Feature<Keys = unknown, Settings = unknown> {
  readonly name: string;
  /** Manifest keys of this feature, each with `.describe()`; they become the schema and the reference. */
  readonly keys: Readonly<Record<string, ZodType>>;
  /** A manifest snippet with comments: becomes the documentation. */
  readonly example: string;
  /** Keys under `features: {NAME: …}` in rehome.yaml, or undefined where nothing is to configure. */
  readonly settings?: ZodType<Settings>;
  /** Undefined where the manifest does not use it. */
  contribute(context: FeatureContext<Keys, Settings>): Contribution | undefined;
}

export interface FeatureContext<Keys, Settings> {
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  readonly stage: string;
  /** The manifest's values of this feature's keys. */
  readonly values: Keys;
  /** What rehome.yaml configures for it in this environment; undefined where it does not. */
  readonly settings: Settings | undefined;
  /** Where a key stands, for notes. */
  place(key: string): Note['place'];
}

export interface Contribution {
  readonly env?: Env;
  readonly routes?: readonly Route[];
  readonly crons?: readonly CronSketch[];
  /** This feature has data to migrate: the conventions' migration runs. */
  readonly migrates?: boolean;
  readonly notes?: readonly Note[];
}

/** A cron before the app's image, env and resources are added. */
export type CronSketch = Omit<Cron, 'image' | 'env' | 'resources'>;
export type JobSketch = Omit<Job, 'image' | 'env' | 'resources'>;
