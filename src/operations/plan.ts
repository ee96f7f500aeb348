import { type Failure, isFailure } from '../model/failure.ts';
import type { Change } from '../model/native.ts';
import { type Note, note } from '../model/note.ts';
import type { Release } from '../model/release.ts';
import { decidesAmong } from '../process/dark.ts';
import { foresee } from '../process/foresee.ts';
import { schemaSeen } from '../process/schema-seen.ts';
import type { AppVersion, Plan, PlannedApp, RollbackRequest } from './operations.ts';
import { type BuiltHome, type Prepared, prepare } from './prepare.ts';
import { prepareRollback, wayBack } from './rollback.ts';
import { connectAll } from './silent.ts';
import type { ConnectedHome, Wired } from './wired.ts';

/** Stands for the id of the deployment that there is none of. */
const planned = 'plan';

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
  const behind: Note[] = [];
  let current: string | undefined;
  let onDuty: Release | undefined;
  for (const built of prepared.built) {
    const home = connected.get(built.name);
    const looked = home && (await lookAt(wired, built, home));
    if (isFailure(looked) && mayStayBehind(prepared, built)) {
      behind.push(staysBehind(prepared, built, looked));
      continue;
    }
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
    notes: [...prepared.built.flatMap(notesOf), ...behind],
    ...(migrates ? { migrates } : {}),
  };
}

async function lookAt(
  { reveal }: Wired,
  { name, built, platform, target, neighbours }: BuiltHome,
  { home }: ConnectedHome,
) {
  const { app } = built;
  const looked = await foresee({ name, platform, target, home, app, neighbours }, planned, { reveal });
  if (isFailure(looked)) return looked;
  const { releases, apps } = platform.read(looked.live, target);
  const release = releases[app.name];
  const current = release?.version ?? apps.find(({ name: seen }) => seen === app.name)?.version;
  const { changes } = looked;
  return { changes, ...(current ? { current } : {}), ...(release ? { release } : {}) };
}

/** A deployment goes on without a dark home that cannot take part. */
function mayStayBehind({ residence, built }: Prepared, { name }: BuiltHome): boolean {
  const asked = residence.homes.filter(({ home }) => built.some((one) => one.name === home));
  const own = asked.find(({ home }) => home === name);
  return own !== undefined && !decidesAmong(asked, own);
}

function staysBehind({ environment }: Prepared, { name }: BuiltHome, why: Failure): Note {
  const message = `${environment.name}.${name} has no share and would stay behind: ${why.message}`;
  return note('home-behind', 'warning', message, { ...(why.hint ? { hint: why.hint } : {}) });
}

function notesOf({ notes, translation }: BuiltHome): readonly Note[] {
  return [...notes, ...translation.filter(({ severity }) => severity === 'error')];
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
