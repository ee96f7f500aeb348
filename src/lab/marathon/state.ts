import { type Documents, openDocuments } from '../documents/documents.ts';
import type { AppDefinition } from './app/definition.ts';
import type { Deployment } from './deploy/deployment.ts';

/** What Marathon remembers, on disk and in memory. Everything is on disk before it is in memory. */
export interface State {
  readonly apps: ReadonlyMap<string, AppDefinition>;
  /** Groups by id, with the version of their last change; the root is not among them. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Those that go on, in the order of their beginning. */
  readonly deployments: ReadonlyMap<string, Deployment>;
  versionsOf(app: string): readonly AppDefinition[];
  /** Makes a definition the present one, and remembers it among its versions. */
  putApp(app: AppDefinition): void;
  /** Remembers a version that was never made the present one. */
  addVersion(app: AppDefinition): void;
  /** Forgets an app with all its versions. */
  removeApp(id: string): void;
  putGroup(group: Group): void;
  removeGroup(id: string): void;
  putDeployment(deployment: Deployment): void;
  removeDeployment(id: string): void;
  /** Version of the last change of anything: the root group's. */
  readonly version: string;
  /** A time that no version had before: now, or a ms after the last one. */
  nextVersion(): string;
  /** The first free ms after a version. */
  versionAfter(version: string): string;
}

export interface Group {
  readonly id: string;
  readonly dependencies: readonly string[];
  readonly version: string;
  readonly enforceRole?: boolean;
}

interface AppFile {
  readonly current?: AppDefinition;
  readonly versions: readonly AppDefinition[];
}

interface RootFile {
  readonly version: string;
  readonly groups: readonly Group[];
}

/** As many versions of one app are kept, as with `--zk_max_versions`. */
const versionsKept = 50;

/** Opens the state in a folder; `now` in ms since 1970. */
export function openState(folder: string, now: () => number): State {
  const appFiles = openDocuments(`${folder}/apps`);
  const deploymentFiles = openDocuments(`${folder}/deployments`);
  const rootFiles = openDocuments(folder);
  const root = rootFiles.read('root') as RootFile | undefined;

  const apps = new Map<string, AppDefinition>();
  const versions = new Map<string, readonly AppDefinition[]>();
  for (const id of appFiles.names()) {
    const file = appFiles.read(id) as AppFile;
    versions.set(id, file.versions);
    if (file.current) apps.set(id, file.current);
  }
  const groups = new Map((root?.groups ?? []).map((group) => [group.id, group]));
  const deployments = readDeployments(deploymentFiles);
  let version = root?.version ?? time(now());

  const saveApp = (id: string, file: AppFile): void => {
    appFiles.write(id, file);
    versions.set(id, file.versions);
    if (file.current) apps.set(id, file.current);
  };
  const saveRoot = (): void => {
    rootFiles.write('root', { version, groups: [...groups.values()] } satisfies RootFile);
  };
  const remembered = (app: AppDefinition): readonly AppDefinition[] => {
    const others = (versions.get(app.id) ?? []).filter((one) => one.version !== app.version);
    return [...others, app].slice(-versionsKept);
  };
  const isTaken = (candidate: string): boolean =>
    [...versions.values()].some((list) => list.some((one) => one.version === candidate));

  return {
    apps,
    groups,
    deployments,
    get version() {
      return version;
    },
    versionsOf: (app) => versions.get(app) ?? [],
    putApp: (app) => saveApp(app.id, { current: app, versions: remembered(app) }),
    addVersion(app) {
      const current = apps.get(app.id);
      saveApp(app.id, { ...(current ? { current } : {}), versions: remembered(app) });
    },
    removeApp(id) {
      appFiles.remove(id);
      apps.delete(id);
      versions.delete(id);
    },
    putGroup(group) {
      groups.set(group.id, group);
      saveRoot();
    },
    removeGroup(id) {
      if (groups.delete(id)) saveRoot();
    },
    putDeployment(deployment) {
      deploymentFiles.write(deployment.id, { order: Date.parse(deployment.version), deployment });
      deployments.set(deployment.id, deployment);
    },
    removeDeployment(id) {
      deploymentFiles.remove(id);
      deployments.delete(id);
    },
    nextVersion() {
      version = time(Math.max(now(), Date.parse(version) + 1));
      saveRoot();
      return version;
    },
    versionAfter(earlier) {
      let ms = Date.parse(earlier) + 1;
      while (isTaken(time(ms))) ms += 1;
      return time(ms);
    },
  };
}

function readDeployments(files: Documents): Map<string, Deployment> {
  const found = files.names().map((id) => files.read(id) as { order: number; deployment: Deployment });
  found.sort((one, other) => one.order - other.order);
  return new Map(found.map(({ deployment }) => [deployment.id, deployment]));
}

/** `2026-11-23T06:39:22.713Z`. */
export function time(ms: number): string {
  return new Date(ms).toISOString();
}
