import type { Deployment } from '../model/deployment.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { settle } from '../model/work.ts';
import { run } from './deploy.ts';
import type { AppVersion, RollbackRequest, Watch } from './operations.ts';
import { type Prepared, prepare, standingIn, withNeighbours } from './prepare.ts';
import { connectAll } from './silent.ts';
import type { Wired } from './wired.ts';

/**
 * Back to an earlier release: an ordinary deployment of the models that release was made of, not of what the
 * manifests say today.
 */
export async function rollback(
  wired: Wired,
  request: RollbackRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<Deployment | Failure> {
  const prepared = await prepareRollback(wired, request);
  if (isFailure(prepared)) return prepared;
  const unmigrate = request.withMigration ? await wayBack(wired, prepared) : undefined;
  if (isFailure(unmigrate)) return unmigrate;
  // A home that cannot be reached is found out before anything is begun.
  const connected = await connectAll(wired, prepared);
  if (isFailure(connected)) return connected;
  const { lockWaitMs } = request;
  const beginning = { action: 'rollback', prepared, skip: [], lockWaitMs, detach: false } as const;
  return await run(wired, { ...beginning, ...(unmigrate ? { unmigrate } : {}) }, { watch, signal });
}

export async function prepareRollback(wired: Wired, request: RollbackRequest): Promise<Prepared | Failure> {
  const { app, where } = request;
  const environment = where.split('.')[0] ?? where;
  const earlier = await releaseToReturnTo(wired, app, environment, request.to);
  if (isFailure(earlier)) return earlier;
  const begun = await wired.store.begun(earlier.deployment);
  if (isFailure(begun)) return begun;
  const prepared = await prepare(wired, { app, version: earlier.version }, where);
  if (isFailure(prepared)) return prepared;
  const built = prepared.built.map((one) => {
    const earlier = begun.models[one.name];
    if (!earlier) return one;
    // Shares and duty may have changed since: a home that is live now must not go back to a twin.
    const app = settle(earlier, standingIn(one.name, prepared.residence.homes));
    return { ...one, built: { ...one.built, app }, ...withNeighbours(app, one, prepared.around) };
  });
  return { ...prepared, built };
}

async function releaseToReturnTo({ store }: Wired, app: string, environment: string, to: string | undefined) {
  const done = await store.deployments({ app, environment, status: 'done', shipped: true });
  if (isFailure(done)) return done;
  const earlier = to === undefined ? oneBack(done) : done.find(({ version }) => version === to);
  if (earlier) return earlier;
  const versions = [...new Set(done.map(({ version }) => version))];
  return fail(
    'nothing-to-roll-back',
    `${app} has no ${to ? `release ${to}` : 'earlier release'} in ${environment}.`,
    {
      found: versions.length > 0 ? versions.join(', ') : 'no deployment that ended well',
      hint: `rehome history ${app} -e ${environment}`,
    },
  );
}

/**
 * The release before the one that runs, as it was when that one was first shipped: a second rollback goes further
 * back, and not forth again to what the first one fled from. Latest first.
 */
export function oneBack(done: readonly Deployment[]): Deployment | undefined {
  const current = done[0]?.version;
  const shipped = done.findIndex(({ action, version }) => action === 'deploy' && version === current);
  return done.slice(Math.max(shipped, 0)).find(({ version }) => version !== current);
}

/** The jobs that take the data of the current release back; refused where there are none, none where it has no data. */
export async function wayBack({ store }: Wired, { target, environment }: Prepared) {
  const latest = await store.deployments({
    app: target.app,
    environment: environment.name,
    status: 'done',
    shipped: true,
    limit: 1,
  });
  if (isFailure(latest)) return latest;
  const current = latest[0];
  if (!current) return undefined;
  const begun = await store.begun(current.deployment);
  if (isFailure(begun)) return begun;
  if (begun.schema === undefined) return undefined;
  const between = await schemasBetween(store, environment.name, target, begun.schema);
  if (isFailure(between)) return between;
  const jobs = Object.values(begun.models).flatMap((app) => app.jobs);
  if (!jobs.some(({ purpose }) => purpose === 'unmigrate')) {
    return fail('frozen', `The migration of ${target.app} ${current.version} declares no way back.`, {
      hint: 'migration: {up: …, down: …} in the manifest; or roll back without --with-migration',
    });
  }
  return { schema: begun.schema, deployment: current.deployment };
}

/** Data go back one schema at a time: the way back of one knows nothing of those before it. */
async function schemasBetween(
  store: Wired['store'],
  environment: string,
  { app, version }: AppVersion,
  schema: string,
) {
  const done = await store.deployments({ app, environment, status: 'done', shipped: true });
  if (isFailure(done)) return done;
  const since = done.slice(
    0,
    done.findIndex((one) => one.version === version),
  );
  const others = [...new Set(since.map((one) => one.version))].filter((one) => one !== schema);
  for (const other of others) {
    const recorded = await store.schemaRecorded(app, environment, other);
    if (isFailure(recorded)) return recorded;
    if (!recorded) continue;
    return fail(
      'frozen',
      `The data of ${app} cannot go back to ${version} at once: schema ${other} lies between.`,
      {
        hint: `one at a time: rehome rollback ${app} -e ${environment} --to ${other} --with-migration`,
      },
    );
  }
  return undefined;
}
