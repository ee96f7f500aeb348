import type { ZodType } from 'zod';
import type { Host } from '../host/host.ts';
import type { App, Job, SecretRef } from '../model/app.ts';
import type { Failure } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import type { Note } from '../model/note.ts';
import type { Release } from '../model/release.ts';
import type { Schedule } from '../model/schedule.ts';

/**
 * Driver of one kind of home. Two pure functions, `compile` and `read`, make it a lens; what plan, compare
 * and import do follows from them. `connect` gives the live side of one home.
 */
export interface Platform<Settings = unknown> {
  /** As `platform:` in rehome.yaml says it. */
  readonly name: string;
  /** Keys of a home of this platform in rehome.yaml, beside `platform` and `default`. */
  readonly settings: ZodType<Settings>;
  readonly capabilities: Capabilities;
  /** Every note that compile and read may give, by its id: what it means and what to do, for `explain`. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Model to native objects: deterministic, and free of any look at the live side. */
  compile(app: App, target: Target<Settings>): Compiled;
  /** Native objects, live or compiled, ours or not, back to models; one App per app found. */
  read(objects: readonly NativeObject[], target: Target<Settings>): ReadBack;
  /**
   * The part of a live object that rehome manages, in the very shape `compile` gives it: defaults filled in,
   * counters, stamps of the release and fields of others left out. Equal to compile's object = nothing to do.
   */
  managed(live: NativeObject): NativeObject;
  /**
   * URL under which apps in this home call an app of the environment, wherever that lives; undefined where the home
   * has no names of its own and the address on the edge is called.
   */
  addressOf?(app: string, target: Target<Settings>): string | undefined;
  /**
   * What a home goes by when it starts a live cron: the one spelling that counts there, with the phase that it has.
   * An interval without a start has a phase that nobody knows. Undefined for whatever is no cron; without the method
   * schedules count as `read` gives them.
   */
  dueBy?(live: NativeObject): Schedule | undefined;
  /** Whether a home itself gives its tasks an env variable of this name: `PORT`. */
  gives?(variable: string): boolean;
  connect(settings: Settings, context: ConnectContext): Home;
}

/** What a platform can do; code asks these, never the name. */
export interface Capabilities {
  /** An address per instance is known, so that an edge can follow. */
  readonly endpoints: boolean;
  /** An instance is ended only after the followers of its endpoints have let go of it. */
  readonly holds: boolean;
  /** Logs can be read. */
  readonly logs: boolean;
  /** One-off tasks can be run. */
  readonly jobs: boolean;
  readonly crons: boolean;
  /** How references begin that the platform looks up by itself: `kubernetes:`. Nobody else reveals them. */
  readonly ownSecrets?: string;
}

export interface Target<Settings = unknown> {
  readonly environment: string;
  readonly home: string;
  readonly settings: Settings;
  /** Apps are served as `{app}.{domain}`. */
  readonly domain?: string;
  readonly tls?: TlsMode;
  /**
   * Ports on the environment's edge of those apps that live in another home too, or only there: what calls them in
   * this home goes through the edge.
   */
  readonly elsewhere?: Readonly<Record<string, number>>;
}

/** Who has the certificate of `{app}.{domain}`. */
export type TlsMode =
  /** One certificate for `*.{domain}`, in the secret of this name; a name made of the domain where absent. */
  | { readonly mode: 'wildcard'; readonly secret?: string }
  /** One for every host, asked of this issuer. */
  | { readonly mode: 'per-host'; readonly issuer: string }
  | { readonly mode: 'none' };

export interface ConnectContext {
  readonly host: Host;
  readonly environment: string;
  readonly home: string;
  /** Folder of the workspace: relative paths in settings start there. */
  readonly root: string;
  /** For settings that are secrets: credentials of the home itself. */
  readonly reveal: Reveal;
}

export interface Compiled {
  readonly objects: readonly NativeObject[];
  readonly notes: readonly Note[];
}

export interface ReadBack {
  readonly apps: readonly App[];
  /** Releases found in the labels, by app. */
  readonly releases: Readonly<Record<string, Release>>;
  readonly notes: readonly Note[];
}

/** The live side of one home. Every method can be repeated; none throws a foreseen failure. */
export interface Home {
  /** Live native objects of one app, or of all. */
  observe(scope: Scope, signal?: AbortSignal): Promise<readonly NativeObject[] | Failure>;
  /** Carries out changes in their order, stamping `release` on what it writes. Returns as soon as they are accepted. */
  apply(changes: readonly Change[], context: ApplyContext): Promise<undefined | Failure>;
  /**
   * Lets the home itself say what it would make of changes, with its defaults and its admission, and writes nothing.
   * Gives the changes back with what would really change; a Failure for what it would refuse. Absent where the home
   * cannot.
   */
  rehearse?(changes: readonly Change[], context: ApplyContext): Promise<readonly Change[] | Failure>;
  /** One look at how far a rollout is. */
  ready(app: App, context: ReadyContext): Promise<Readiness | Failure>;
  /** Resolves when something may have changed, or after `atMostMs`. */
  changed(app: string, atMostMs: number, signal?: AbortSignal): Promise<void>;
  /** Runs a one-off task to its end. `run.id` finds a run begun before; then it is awaited, not started again. */
  runJob(job: Job, run: JobRun): Promise<JobResult | Failure>;
  /** Arms or disarms the crons of an app. */
  setDuty(app: string, duty: 'armed' | 'disarmed', signal?: AbortSignal): Promise<undefined | Failure>;
  /**
   * Every run of a cron of the app that began at `sinceMs` (ms since 1970) or later, as far as the home remembers:
   * oldest first, those that go on included. How far back that is each platform says; the last three runs of each
   * kind of end are the least. Whoever waits until none runs asks for all, since 0.
   */
  runsSince(app: string, sinceMs: number, signal?: AbortSignal): Promise<readonly CronRun[] | Failure>;
  /** Apps with their releases and instances, for `status`. */
  inventory(signal?: AbortSignal): Promise<readonly Resident[] | Failure>;
  /**
   * Instances that may get traffic: first what is now, then the whole list again at every change, until `signal`
   * aborts. A Failure says that the home does not answer at the moment: the list before stays good, and the next
   * value comes when it answers again.
   *
   * Asking for the next value acknowledges the one before: it says that whoever follows has taken every instance
   * that is not in that value out of rotation, and that nothing is in flight to it any more. A home that can
   * (`capabilities.holds`) does not end an instance before that, for a few seconds; others end it at once. So a
   * follower drains first and asks then.
   */
  endpoints(app: string, signal: AbortSignal): AsyncIterable<readonly Endpoint[] | Failure>;
  logs(query: LogQuery): AsyncIterable<LogLine | Failure>;
}

export interface Scope {
  /** All apps where absent. */
  readonly app?: string;
  /**
   * Native objects that are about to be written: they belong to the scope even where nothing on them says
   * whose they are, so that a plan shows what is already there under their names.
   */
  readonly names?: readonly Pick<NativeObject, 'kind' | 'id'>[];
}

export interface ApplyContext {
  readonly release: Release;
  /**
   * Id of the deployment that writes, where it is not the release's: in an undo. What this deployment has under
   * way in the home itself may be superseded; what somebody else has under way never is.
   */
  readonly deployment?: string;
  /**
   * Whether another deployment of rehome is over, as far as the store knows: what that one left under way in the
   * home may be superseded as well. Without it none is.
   */
  readonly isOver?: (deployment: string) => Promise<boolean>;
  readonly reveal: Reveal;
  readonly signal?: AbortSignal;
}

/** Looks a secret up. Its answer goes to the platform and nowhere else. */
export type Reveal = (secret: SecretRef) => string | Failure;

export interface ReadyContext {
  readonly release: Release;
  /** When this rollout began, ms since 1970: older failures do not count. */
  readonly since: number;
  readonly signal?: AbortSignal;
}

export interface Readiness {
  /** Nothing more will happen by itself; `ok` says whether it ended well. */
  readonly done: boolean;
  readonly ok: boolean;
  readonly wanted: number;
  readonly running: number;
  readonly healthy: number;
  /** Why it is not done, or how it failed: `2 of 4 healthy; health check /health answers 500`. */
  readonly why: string;
  /** The last lines of the failing task's log, oldest first. */
  readonly log?: readonly string[];
}

export interface JobRun {
  /** Deterministic and unique per intended run: `hcn-migrate-1.0.0-d7f3a2`. */
  readonly id: string;
  readonly app: string;
  readonly release: Release;
  readonly reveal: Reveal;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export interface JobResult {
  readonly ok: boolean;
  readonly exitCode?: number;
  /** How it ended, in words: `exit code 3 after 2 s`. */
  readonly why: string;
  readonly log: readonly string[];
}

/** One run of a cron, times in ms since 1970. A try again is a run of its own, scheduled at the same time. */
export interface CronRun {
  /** As the model names it. */
  readonly cron: string;
  /** The tick that it is of; absent for one that somebody started by hand. */
  readonly scheduledAt?: number;
  /** Some homes keep whole seconds only: then the beginning of that second. */
  readonly startedAt: number;
  /** Absent while it runs. */
  readonly endedAt?: number;
  /** Absent while it runs. */
  readonly ok?: boolean;
}

export interface Resident {
  readonly app: string;
  /** Absent where the app was not deployed by rehome. */
  readonly release?: Release;
  readonly wanted: number;
  readonly running: number;
  readonly healthy: number;
  /** Whether its crons are armed; undefined without crons. */
  readonly armed?: boolean;
}

export interface Endpoint {
  /** Unique in its home, stable for the life of the instance. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export interface LogQuery {
  readonly app: string;
  /** Lines from the end to begin with. */
  readonly tail: number;
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

export interface LogLine {
  /** The instance. */
  readonly source: string;
  readonly line: string;
}
