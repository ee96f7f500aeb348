import type { Failure } from '../model/failure.ts';

/** A durable description of what the workspace says, parsed and checked: rehome.yaml and the list of manifests. */
export interface Workspace {
  readonly root: string;
  readonly conventions: Conventions;
  readonly environments: Readonly<Record<string, Environment>>;
  /** Settings by feature, before the environment's own are laid over. */
  readonly features: Readonly<Record<string, unknown>>;
  readonly process?: readonly unknown[];
  readonly notify: readonly Readonly<Record<string, unknown>>[];
  /** Image name pattern to folder pattern, for the lab and `local`; undefined without a catalogue. */
  readonly images?: Readonly<Record<string, string>>;
  /** Manifest files by app name, relative to the root. */
  readonly manifests: Readonly<Record<string, string>>;
}

export interface Conventions {
  readonly image: string;
  readonly command?: string;
  readonly migration?: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface Environment {
  readonly name: string;
  readonly stage: string;
  readonly domain?: string;
  readonly protected: boolean;
  /** The first one is where an app is registered that was never deployed, unless one says `default: true`. */
  readonly homes: readonly HomeConfig[];
  readonly edge?: Readonly<Record<string, unknown>>;
  readonly features: Readonly<Record<string, unknown>>;
}

export interface HomeConfig {
  readonly name: string;
  readonly platform: string;
  readonly default: boolean;
  /** As the platform's schema parsed them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `test1` or `test1.k8s`, resolved. */
export interface Where {
  readonly environment: Environment;
  /** Undefined: wherever the app is registered. */
  readonly home?: HomeConfig;
}

export type FindWhere = (workspace: Workspace, text: string) => Where | Failure;
