import { type Failure, isFailure } from '../model/failure.ts';
import type { Change } from '../model/native.ts';
import type { Release } from '../model/release.ts';
import { diff } from '../plan/diff.ts';
import { schemaSeen } from '../process/schema-seen.ts';
import type { AppVersion, Plan, PlannedApp, RollbackRequest } from './operations.ts';
import { type BuiltHome, connectAll, type Prepared, prepare } from './prepare.ts';
import { prepareRollback, wayBack } from './rollback.ts';
import type { ConnectedHome, Wired } from './wired.ts';

/** What deployments would change, deletions included. Writes nothing. */
export async function plan(
  wired: Wired,
  targets: readonly AppVersion[],
  where: string,
): Promise<Plan | Failure> {
  const apps: PlannedApp[] = [];
  for (const target of targets) {
    const prepared = await prepare(wired, target, where);
    if (isFailure(prepared)) return prepared;
    const planned = await planApp(wired, prepared);
    if (isFailure(planned)) return planned;
    apps.push(planned);
  }
  return { environment: where, apps };
}

export async function planApp(wired: Wired, prepared: Prepared): Promise<PlannedApp | Failure> {
  const connected = await connectAll(wired, prepared);
  if (isFailure(connected)) return connected;
  const changes: Change[] = [];
  let current: string | undefined;
  let onDuty: Release | undefined;
  for (const built of prepared.built) {
    const home = connected.get(built.name);
    const looked = home && (await lookAt(wired, built, home));
    if (isFailure(looked)) return looked;
    changes.push(...(looked?.changes ?? []));
    current ??= looked?.current;
    if (prepared.residence.homes.find(({ home }) => home === built.name)?.duty) onDuty = looked?.release;
  }
  const migrates = await migration(wired, prepared, onDuty);
  if (isFailure(migrates)) return migrates;
  return {
    ...prepared.target,
    ...(current ? { current } : {}),
    changes,
    notes: prepared.built.flatMap(({ notes }) => notes),
    ...(migrates ? { migrates } : {}),
  };
}

async function lookAt(
  { reveal }: Wired,
  { name, built, platform, target }: BuiltHome,
  { home }: ConnectedHome,
) {
  const { objects } = platform.compile(built.app, target);
  const live = await home.observe({ app: built.app.name, names: objects.map(({ id }) => id) });
  if (isFailure(live)) return live;
  const changes = diff(objects, live.map(platform.managed), { home: name, reveal });
  if (isFailure(changes)) return changes;
  const { releases, apps } = platform.read(live, target);
  const release = releases[built.app.name];
  const current = release?.version ?? apps.find((app) => app.name === built.app.name)?.version;
  return { changes, ...(current ? { current } : {}), ...(release ? { release } : {}) };
}

async function migration(
  { store }: Wired,
  { target, environment, built }: Prepared,
  onDuty: Release | undefined,
) {
  const schema = built[0]?.built.app.schema;
  if (schema === undefined) return undefined;
  const recorded = await store.schemaRecorded(target.app, environment.name, schema);
  if (isFailure(recorded)) return recorded;
  if (recorded) return undefined;
  const seen = await schemaSeen(store, onDuty);
  if (isFailure(seen)) return seen;
  return seen === schema ? undefined : schema;
}

export async function planRollback(wired: Wired, request: RollbackRequest): Promise<Plan | Failure> {
  const prepared = await prepareRollback(wired, request);
  if (isFailure(prepared)) return prepared;
  const unmigrate = request.withMigration ? await wayBack(wired, prepared) : undefined;
  if (isFailure(unmigrate)) return unmigrate;
  const planned = await planApp(wired, prepared);
  if (isFailure(planned)) return planned;
  const app = unmigrate ? { ...planned, unmigrates: unmigrate.schema } : planned;
  return { environment: request.where, apps: [app] };
}
