import type { ZodType } from 'zod';
import type { Http } from '../host/host.ts';
import type { Backing, Cron, Env, EnvValue, Resources, Route, Twin } from '../model/app.ts';
import type { Failure } from '../model/failure.ts';
import type { Note } from '../model/note.ts';

/**
 * One-line switch of a manifest. A feature knows its own keys and gives parts of a model; it never names
 * a platform.
 */
export interface Feature<Keys = unknown, Settings = unknown> {
  readonly name: string;
  /** One line for the reference. */
  readonly summary: string;
  /**
   * Manifest keys of this feature, all optional, each with `.describe()`; they become the schema and the
   * reference. The messages of checks read as what was expected: "a duration such as 30s".
   */
  readonly keys: Readonly<Record<string, ZodType>>;
  /** A manifest with comments that uses the feature: becomes the documentation, and a test builds it. */
  readonly example: string;
  /** Keys under `features: {NAME: …}` in rehome.yaml, or undefined where nothing is to configure. */
  readonly settings?: ZodType<Settings>;
  /** Undefined where the manifest does not use it. */
  contribute(context: FeatureContext<Keys, Settings>): Contribution | undefined;
  /**
   * Makes sure that a backing which this feature contributed is there, and says what it made; undefined where nothing
   * had to be. Twice is the same as once, and nothing is ever taken away: others may use it by then.
   */
  provision?(backing: Backing, context: ProvisionContext): Promise<string | undefined | Failure>;
}

export interface ProvisionContext {
  readonly http: Http;
  /** `missing-secret`. */
  readonly reveal: (value: EnvValue) => string | Failure;
  readonly signal: AbortSignal;
}

export interface FeatureContext<Keys = unknown, Settings = unknown> {
  readonly app: string;
  readonly version: string;
  readonly environment: string;
  readonly stage: string;
  /** Apps are reached from outside as `{app}.{domain}`, where the environment has one. */
  readonly domain?: string;
  /** The manifest's values of this feature's keys. */
  readonly values: Keys;
  /** What rehome.yaml configures for it in this environment; undefined where it does not. */
  readonly settings: Settings | undefined;
  /** Where a key stands, for notes: `place('crons', 0, 'name')`. */
  place(...path: readonly (string | number)[]): Note['place'];
}

export interface Contribution {
  readonly env?: Env;
  readonly routes?: readonly Route[];
  readonly crons?: readonly CronSketch[];
  /**
   * What an app has in place of some of `env` in a home that takes none of its real work; a feature whose work harms
   * nobody when it is done in two homes at once has none.
   */
  readonly twin?: Twin | NoTwin;
  /** This feature has data to migrate: the conventions' migration runs. */
  readonly migrates?: boolean;
  /** The manifest uses the feature, but the environment does not configure it: the key that switches it on. */
  readonly unconfigured?: string;
  readonly notes?: readonly Note[];
}

/** An app that uses the feature cannot run in a home that takes none of its real work. */
export interface NoTwin {
  /** The rest of a sentence that names the home: `the URL of rmq is a secret`. */
  readonly why: string;
  readonly hint: string;
}

/** A cron before the app's image and env are added; resources that it lacks are those of the service. */
export type CronSketch = Omit<Cron, 'image' | 'env' | 'resources'> & {
  readonly resources?: Partial<Resources>;
};
