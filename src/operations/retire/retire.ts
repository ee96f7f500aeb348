import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type App, isSecret } from '../../model/app.ts';
import type { Deployment } from '../../model/deployment.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { DeployOptions } from '../../process/context.ts';
import { retireSteps } from '../../process/steps/retire.ts';
import type { DeploymentStart } from '../../store/store.ts';
import { takeLock } from '../begin.ts';
import { carryOn } from '../carry-on.ts';
import type { Watch } from '../operations.ts';
import { prepare } from '../prepare.ts';
import type { RetireForecast, Retirement, RetireRequest } from '../retirements.ts';
import type { Wired } from '../wired.ts';
import { forecastAt } from './forecast.ts';
import { placeOf, type RetirePlace } from './place.ts';

/** How often a home that is waited for is looked at, ms. */
const lookMs = 5_000;
/** A version to build manifests with, to see which secrets they name. */
const anyVersion = '0.0.0';

/**
 * Takes an app out of a home, once nothing of it is needed there any more: a deployment like others, with the app's
 * lock and a journal. One that was interrupted before is carried on.
 */
export async function retire(
  wired: Wired,
  request: RetireRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<Retirement | Failure> {
  const place = await placeOf(wired, request);
  if (isFailure(place)) return place;
  const { app } = request;
  const where = { app, environment: place.environment.name, home: place.name };
  const begun = await interrupted(wired, where);
  if (isFailure(begun)) return begun;
  if (begun) {
    const claim = await wired.store.claim(begun.deployment, wired.owner);
    const deployment = isFailure(claim) ? claim : await carryOn(wired, claim, watch, signal);
    return isFailure(deployment) ? deployment : { ...where, conditions: [], deployment };
  }
  const allowed = await untilAllowed(wired, place, request, signal);
  if (isFailure(allowed)) return allowed;
  const { plan, ...known } = allowed;
  if (known.conditions.some(({ met }) => !met)) return known;
  const start = startOf(wired, place, request, plan.apps[0]?.version ?? '');
  const claim = await takeLock(wired, await start, request.lockWaitMs, watch, signal);
  const deployment = isFailure(claim) ? claim : await carryOn(wired, claim, watch, signal);
  return isFailure(deployment) ? deployment : { ...known, deployment };
}

async function interrupted(
  { store }: Wired,
  { app, environment, home }: { readonly app: string; readonly environment: string; readonly home: string },
): Promise<Deployment | undefined | Failure> {
  const running = await store.deployments({ app, environment, status: 'running' });
  if (isFailure(running)) return running;
  return running.find(({ action, homes }) => action === 'retire' && homes.includes(home));
}

/** Looks again while only time is missing, where that is to be waited for. */
async function untilAllowed(
  wired: Wired,
  place: RetirePlace,
  request: RetireRequest,
  signal: AbortSignal,
): Promise<RetireForecast | Failure> {
  const { clock } = wired.host;
  for (;;) {
    const found = await forecastAt(wired, place, request, true);
    if (isFailure(found) || found.retireAt === undefined || !request.wait || signal.aborted) return found;
    const left = Date.parse(found.retireAt) - clock.now();
    await clock.sleep(Math.min(Math.max(left, 0), lookMs), signal);
  }
}

async function startOf(
  wired: Wired,
  { own, name, environment }: RetirePlace,
  { app, proofMs = wired.workspace.moves.proofMs }: RetireRequest,
  version: string,
): Promise<DeploymentStart> {
  const secrets = await secretsOf(wired, app, `${environment.name}.${name}`);
  const manifest = manifestOf(wired, app);
  const options: DeployOptions = {
    skip: [],
    tests: { before: [], after: [] },
    watchMs: 0,
    custom: {},
    retires: { home: name, proofMs, secrets, ...(manifest ? { manifest } : {}) },
  };
  return {
    id: `d${randomBytes(4).toString('hex')}`,
    action: 'retire',
    app,
    version,
    environment: environment.name,
    models: { [name]: own },
    steps: ['lock', ...retireSteps.map((step) => step.name), 'notify'],
    options: { ...options },
    owner: wired.owner,
    holder: wired.holder,
  };
}

/** So that their values are found in what is observed, also where nothing says that rehome put them there. */
async function secretsOf(wired: Wired, app: string, where: string): Promise<readonly string[]> {
  const prepared = await prepare(wired, { app, version: anyVersion }, where, { look: false });
  if (isFailure(prepared)) return [];
  return [...new Set(prepared.built.flatMap(({ built }) => refsIn(built.app)))];
}

function refsIn({ services, jobs, crons }: App): readonly string[] {
  const values = [...services, ...jobs, ...crons].flatMap(({ env }) => Object.values(env));
  return values.flatMap((value) => (isSecret(value) ? [value.ref] : []));
}

function manifestOf({ workspace, host }: Wired, app: string) {
  const file = Object.hasOwn(workspace.manifests, app) ? workspace.manifests[app] : undefined;
  const text = file === undefined ? undefined : host.files.read(join(workspace.root, file));
  return file === undefined || text === undefined || isFailure(text) ? undefined : { file, text };
}
