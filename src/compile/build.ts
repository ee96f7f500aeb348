import type { Feature } from '../features/feature.ts';
import { type Manifest, type Reader, readManifest } from '../manifest/manifest.ts';
import type { Workspace } from '../manifest/workspace.ts';
import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Note, Place } from '../model/note.ts';
import type { Placeholders } from '../model/placeholders.ts';
import { type Standing, settle } from '../model/work.ts';
import { type Contributions, contributions } from './contributions.ts';
import { type Origins, variablesOf } from './environment-variables.ts';
import { jobsOf, migrationOf } from './migration.ts';
import { serviceOf } from './service.ts';
import { type StagedTests, testsOf } from './staged-tests.ts';
import { type Addresses, bindUses, checkUses } from './uses.ts';
import { checkVersion } from './version.ts';
import { darkNotes, idleNotes, workOf } from './work.ts';
import { workloadOf } from './workload.ts';

/** What is built: one app at one version for one home of one environment. */
export interface BuildRequest extends Reader {
  /** Stable addresses on the edge, by app: a URL, or a port of this machine. Absent without an edge. */
  readonly addresses?: Addresses;
  /** Of the app in this home, as it is or as it is going to be: a dark one takes none of the app's real work. */
  readonly residency: Standing;
}

/** The model of one app for one home, and what a deployment of it needs beside. */
export interface Built {
  readonly app: App;
  readonly notes: readonly Note[];
  readonly tests: StagedTests;
  /** How long post-control watches a new release, ms; 0 for not at all. */
  readonly watchMs: number;
  /** Manifest file, relative to the workspace. */
  readonly file: string;
  /** Where a key of the manifest stands: `place('uses', 0)`; the nearest parent otherwise. */
  place(...path: readonly (string | number)[]): Place;
  /** Where an environment variable of the app comes from; undefined for one that rehome makes up. */
  origin(variable: string): Place | undefined;
}

/**
 * Manifest, conventions and features to the model of one home: deterministic, and free of any look at anything
 * live. Failures: those of `readManifest`, `unknown-version`, `uses-unknown`, `uses-cycle`.
 */
export function buildApp(
  workspace: Workspace,
  features: readonly Feature[],
  request: BuildRequest,
): Built | Failure {
  const badVersion = checkVersion(request.version);
  if (badVersion) return badVersion;
  const manifest = readManifest(workspace, request);
  if (isFailure(manifest)) return manifest;
  const uses = manifest.application.uses ?? [];
  const badUses = checkUses(workspace, request, manifest, uses);
  if (badUses) return badUses;
  return assemble(workspace, contributions(features, request, manifest), request, manifest);
}

function assemble(
  workspace: Workspace,
  { parts, notes }: Contributions,
  request: BuildRequest,
  manifest: Manifest,
): Built {
  const { application } = manifest;
  const { conventions } = workspace;
  const uses = application.uses ?? [];
  const fill = placeholdersOf(request);
  const origins: Origins = new Map();
  const env = variablesOf(workspace, manifest, parts, bindUses(uses, request.addresses ?? {}), fill, origins);
  const workload = workloadOf(conventions, application, env, fill);
  const migration = migrationOf(conventions, application, parts, fill);
  const service = serviceOf(conventions, application, workload, request.app);
  const works = workOf(application, service.instances, parts, env);
  const whole: App = {
    kind: 'App',
    name: request.app,
    version: request.version,
    environment: request.environment.name,
    stage: request.environment.stage,
    services: [service],
    jobs: jobsOf(migration, workload),
    crons: parts.flatMap(({ crons = [] }) =>
      crons.map(({ resources, ...cron }) => ({
        ...workload,
        ...cron,
        resources: { ...workload.resources, ...resources },
      })),
    ),
    routes: parts.flatMap(({ routes = [] }) => routes),
    uses,
    ...(migration ? { schema: request.version } : {}),
    ...(works.work ? { work: works.work } : {}),
  };
  const app = settle(whole, request.residency);
  const place = (key: string) => manifest.place([key]);
  return {
    app: freeze(app),
    notes: [
      ...notes,
      ...idleNotes(application, works, parts, place),
      ...darkNotes(app, works, request.residency, request.home.name, place),
    ],
    tests: testsOf(conventions, application, fill),
    watchMs: application.watch ?? conventions.watch,
    file: manifest.file,
    place: (...path) => manifest.place(path),
    origin: (variable) => origins.get(variable)?.(),
  };
}

function placeholdersOf({ app, version, environment }: BuildRequest): Placeholders {
  return { app, version, env: environment.name, stage: environment.stage };
}

/** Nothing that gets a model can change it for the next one. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
