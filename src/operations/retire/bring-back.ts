import type { Deployment } from '../../model/deployment.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { settle } from '../../model/work.ts';
import type { Snapshot } from '../../store/retirements.ts';
import { run } from '../deploy.ts';
import { unknownIn } from '../known.ts';
import type { Plan, Watch } from '../operations.ts';
import { planApp } from '../plan.ts';
import { type Prepared, prepare, withNeighbours } from '../prepare.ts';
import { inventoryOf } from '../residence.ts';
import type { BringBackRequest, BroughtBack } from '../retirements.ts';
import { connectAll } from '../silent.ts';
import type { Wired } from '../wired.ts';
import { homeFrom } from './place.ts';

/**
 * Brings an app back to the home that it was retired from: dark, by an ordinary deployment of exactly what was there;
 * of today's version, where the app has gone on elsewhere meanwhile.
 */
export async function bringBack(
  wired: Wired,
  request: BringBackRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<BroughtBack | Failure> {
  const found = await prepareBack(wired, request);
  if (isFailure(found)) return found;
  const { prepared, snapshot, why } = found;
  const connected = await connectAll(wired, prepared);
  if (isFailure(connected)) return connected;
  const { lockWaitMs } = request;
  const beginning = { action: 'deploy', prepared, skip: [], lockWaitMs, detach: false } as const;
  const deployment: Deployment | Failure = await run(wired, beginning, { watch, signal });
  if (isFailure(deployment)) return deployment;
  const { id, home, at } = snapshot;
  return { deployment, snapshot: id, home, retiredAt: at, exact: why === undefined, ...(why ? { why } : {}) };
}

export async function planBringBack(wired: Wired, request: BringBackRequest): Promise<Plan | Failure> {
  const found = await prepareBack(wired, request);
  if (isFailure(found)) return found;
  const planned = await planApp(wired, found.prepared);
  if (isFailure(planned)) return planned;
  return { environment: `${request.where}.${found.snapshot.home}`, apps: [planned] };
}

async function prepareBack(wired: Wired, { app, where, from }: BringBackRequest) {
  const snapshot = await snapshotFor(wired, app, where, from);
  if (isFailure(snapshot)) return snapshot;
  const current = await currentVersion(wired, app, where);
  if (isFailure(current)) return current;
  const { model, home } = snapshot;
  const version = current ?? model?.version;
  if (version === undefined)
    return nothing(app, where, 'nothing was deployed there, and nothing is elsewhere');
  const prepared = await prepare(wired, { app, version }, `${where}.${home}`);
  if (isFailure(prepared)) return prepared;
  if (!model) return { prepared, snapshot, why: 'what was there was not deployed by rehome' };
  if (model.version !== version) {
    return { prepared, snapshot, why: `${model.version} was retired, and ${version} runs by now` };
  }
  return asItWas(prepared, { ...snapshot, model });
}

/** The very model of the snapshot, where the home still takes it. */
function asItWas(prepared: Prepared, snapshot: Snapshot & Required<Pick<Snapshot, 'model'>>) {
  const app = settle(snapshot.model, { share: 0, duty: false });
  const built = prepared.built.map((one) => ({
    ...one,
    built: { ...one.built, app },
    ...withNeighbours(app, one, prepared.around),
  }));
  const refusal = built
    .flatMap(({ translation }) => translation)
    .find(({ severity }) => severity === 'error');
  if (refusal) return { prepared, snapshot, why: `the home does not take it any more: ${refusal.message}` };
  return { prepared: { ...prepared, built }, snapshot, why: undefined };
}

async function snapshotFor(
  wired: Wired,
  app: string,
  where: string,
  from: string | undefined,
): Promise<Snapshot | Failure> {
  const unknown = await unknownIn(wired, { app, environment: where });
  if (unknown) return unknown;
  const named = from === undefined ? undefined : homeFrom(wired, where, from);
  if (isFailure(named)) return named;
  const home = named ? { home: named.config.name } : {};
  const all = await wired.store.snapshots({ app, environment: where, ...home });
  if (isFailure(all)) return all;
  const residence = await wired.store.residence(app, where);
  if (isFailure(residence)) return residence;
  const lives = (name: string) => residence?.homes.some((one) => one.home === name) === true;
  const [last] = all;
  const found = all.find((one) => !lives(one.home));
  if (found) return found;
  return nothing(app, where, last ? `it lives in ${last.home}` : 'it was never retired there');
}

/** What the home on duty runs, else what was shipped last. */
async function currentVersion(
  wired: Wired,
  app: string,
  where: string,
): Promise<string | undefined | Failure> {
  const { store, workspace } = wired;
  const residence = await store.residence(app, where);
  if (isFailure(residence)) return residence;
  const environment = workspace.environments[where];
  const onDuty = residence?.homes.find(({ duty }) => duty)?.home;
  const config = environment?.homes.find(({ name }) => name === onDuty);
  const residents = environment && config ? await inventoryOf(wired, environment, config) : [];
  if (isFailure(residents)) return residents;
  const release = residents.find((one) => one.app === app)?.release;
  if (release) return release.version;
  const last = await store.deployments({ app, environment: where, status: 'done', shipped: true, limit: 1 });
  return isFailure(last) ? last : last[0]?.version;
}

function nothing(app: string, where: string, found: string): Failure {
  return fail('nothing-to-bring-back', `There is nothing of ${app} in ${where} that could come back.`, {
    found,
    hint: `rehome history ${app} -e ${where}`,
  });
}
