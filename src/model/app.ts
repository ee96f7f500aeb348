import type { Schedule } from './schedule.ts';

/**
 * The platform-neutral description of one app at one version in one environment, as one home gets it.
 * Plain frozen data: it is stored with a deployment, hashed into the release's fingerprint, compiled by
 * platforms and read back by them. Secrets are references, never values.
 */
export interface App {
  readonly kind: 'App';
  readonly name: string;
  readonly version: string;
  readonly environment: string;
  /** Section of the manifest that applied: `test`, `prod`. */
  readonly stage: string;
  readonly services: readonly Service[];
  readonly jobs: readonly Job[];
  readonly crons: readonly Cron[];
  readonly routes: readonly Route[];
  /** Apps called by this one, by name. */
  readonly uses: readonly string[];
  /** Version of the data schema that this app wants, or undefined when it has no migration. */
  readonly schema?: string;
  /** What has to be there beside the app before it starts; absent where nothing does. */
  readonly backing?: readonly Backing[];
  /** What of this model follows the app's residency in the home; absent where nothing does. See `settle`. */
  readonly work?: Work;
}

/** Something that an app needs beside itself, and that its feature can make: see `Feature.provision`. */
export interface Backing {
  readonly kind: 'Backing';
  readonly feature: string;
  /** What the feature needs to know to make it. */
  readonly spec: Env;
}

/** An app's work that does not come over HTTP: messages of a queue, and all that a worker does. */
export interface Work {
  /** `shared`: every home that is not dark takes its part. `single`: the home on duty alone. */
  readonly consumes: 'shared' | 'single';
  /** Of a worker: instances of all homes together. Absent for an app that is called: its instances serve requests. */
  readonly instances?: number;
  /** Of an app that is called and has no twin: its instances in a home that takes real work. Elsewhere it has none. */
  readonly bound?: number;
  /** The variables of `twin`, as they are in a home that takes real work. */
  readonly real: Env;
  /** What an app has in their place in a home that takes none; undefined where there is nothing to put there. */
  readonly twin?: Twin;
}

/** The same thing a second time, where nothing that happens matters. */
export interface Twin {
  readonly env: Env;
  readonly backing: readonly Backing[];
}

/** What services, jobs and crons have in common: one command in one image. */
export interface Workload {
  readonly name: string;
  readonly image: string;
  /** Handed to `/bin/sh -c` as it stands; undefined means the image's own command. */
  readonly command?: string;
  readonly env: Env;
  readonly resources: Resources;
}

/** A long-running task. */
export interface Service extends Workload {
  readonly kind: 'Service';
  readonly instances: number;
  /** Port the app listens on where each instance has its own network; elsewhere it gets `$PORT`. */
  readonly port?: number;
  readonly health?: HealthCheck;
  readonly rollout: Rollout;
  /** From the polite signal (TERM) to the final one (KILL). */
  readonly killGraceMs: number;
}

/** A task that runs once and whose exit code matters. */
export interface Job extends Workload {
  readonly kind: 'Job';
  readonly purpose: 'migrate' | 'unmigrate' | 'task';
  readonly timeoutMs: number;
}

/** A periodic task. */
export interface Cron extends Workload {
  readonly kind: 'Cron';
  readonly schedule: Schedule;
  /** Whether a run may start while the one before it is still going. */
  readonly concurrent: boolean;
  readonly retries: number;
}

/** How an app is reached from outside. */
export interface Route {
  readonly kind: 'Route';
  /** Host name, or undefined for any. */
  readonly host?: string;
  /** Path prefix, begins with `/`. */
  readonly path: string;
  readonly ignoreCase: boolean;
  /** Which load balancer group serves it: `external`, `internal`. */
  readonly audience: string;
  /** Whether only listed addresses may call; undefined where the manifest does not say. */
  readonly whitelist?: boolean;
}

export interface Resources {
  /** Cores, 0.5 is half a core. */
  readonly cpus: number;
  /** MiB, a hard limit. */
  readonly memory: number;
  /** `soft`: a share under contention. `hard`: a quota. */
  readonly cpuLimit: 'soft' | 'hard';
}

export interface HealthCheck {
  readonly protocol: 'http' | 'tcp';
  /** Path asked for with `http`; 200 to 399 is healthy. */
  readonly path?: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in a row after which an instance is replaced. */
  readonly failures: number;
  /** Failures do not count before the first success or the end of this time. */
  readonly graceMs: number;
}

/** How instances are replaced, in Marathon's terms: fractions of `instances`. */
export interface Rollout {
  readonly minHealthy: number;
  readonly maxOver: number;
  /** After this time a rollout is undone. */
  readonly deadlineMs: number;
}

export type Env = Readonly<Record<string, EnvValue>>;
export type EnvValue = string | SecretRef;

/** A secret that is looked up at the last moment: `env:NAME`, `file:PATH`, `exec:COMMAND`. */
export interface SecretRef {
  readonly kind: 'Secret';
  readonly ref: string;
  /** Not the value is meant but a short digest of it: where a change of the secret has to show, the secret must not. */
  readonly digest?: true;
}

/** Kubernetes has objects of the kind Secret as well; a reference is none of them. */
export function isSecret(value: unknown): value is SecretRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'Secret' &&
    'ref' in value
  );
}
