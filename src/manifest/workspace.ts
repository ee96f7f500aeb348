import type { ZodType } from 'zod';
import type { Place } from '../model/note.ts';
import type { Documents } from './document.ts';
import type { Moves } from './schema/moves.ts';
import type { Conventions, ProcessEntry } from './schema/workspace-file.ts';
import type { Path } from './yaml/tree.ts';

export type { Conventions } from './schema/workspace-file.ts';

/** What a workspace says, parsed and checked: rehome.yaml and the list of manifests. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly conventions: Conventions;
  readonly environments: Readonly<Record<string, Environment>>;
  /** Names of built-in steps and steps of the user's own, in order; undefined for the default process. */
  readonly process?: readonly ProcessEntry[];
  /** Settings as the notifier's schema gives them, with its `type`. */
  readonly notify: readonly Typed[];
  /** Image name pattern to folder pattern, for the lab and `local`; undefined without a catalogue. */
  readonly images?: Readonly<Record<string, string>>;
  /** File or URL of the history; undefined for the default. May be a reference: `env:NAME`. */
  readonly store?: string;
  /** How apps move, unless a command line says otherwise. */
  readonly moves: Moves;
  /** Manifest files by app name, relative to the root. */
  readonly manifests: Readonly<Record<string, string>>;
  /** Where something stands in rehome.yaml: `['environments', 'test1', 'edge']`; the nearest parent otherwise. */
  place(path: Path): Place;
  /** The parsed manifests; `readManifest` knows how to use them. */
  readonly documents: Documents;
}

export interface Environment {
  readonly name: string;
  readonly stage: string;
  readonly domain?: string;
  /** Who has the certificate of the hosts of `domain`. */
  readonly tls?: Tls;
  readonly protected: boolean;
  /** The first one is where an app is registered that was never deployed, unless one says `default: true`. */
  readonly homes: readonly HomeConfig[];
  /** Settings as the edge's schema gives them, with its `type`. */
  readonly edge?: Typed;
  /** Settings of the features that this environment configures, as their schemas give them. */
  readonly features: Readonly<Record<string, unknown>>;
}

/** As `tls:` in rehome.yaml says it; a platform's `TlsMode`. */
export type Tls =
  | { readonly mode: 'wildcard'; readonly secret?: string }
  | { readonly mode: 'per-host'; readonly issuer: string }
  | { readonly mode: 'none' };

export interface HomeConfig {
  readonly name: string;
  readonly platform: string;
  readonly default: boolean;
  /** As the platform's schema parsed them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Typed extends Readonly<Record<string, unknown>> {
  readonly type: string;
}

/** `test1` or `test1.k8s`, resolved. */
export interface Where {
  readonly environment: Environment;
  /** Undefined: wherever the app is registered. */
  readonly home?: HomeConfig;
}

/** What the plugins of the other rooms tell about their part of the files; handed in by the wiring. */
export interface Plugins {
  readonly platforms: readonly Configurable[];
  readonly edges: readonly Configurable[];
  readonly features: readonly FeatureKeys[];
  readonly notifiers: readonly Configurable[];
  /** Names of the built-in steps; where absent, names in `process:` are not checked. */
  readonly steps?: readonly { readonly name: string }[];
}

/** A strict object schema, so that unknown keys are found; objects that are not strict are made so. */
export interface Configurable {
  readonly name: string;
  readonly settings: ZodType;
}

export interface FeatureKeys {
  readonly name: string;
  readonly keys: Readonly<Record<string, ZodType>>;
  readonly settings?: ZodType | undefined;
}
