import { findWhere } from '../manifest/where.ts';
import type { HomeConfig, Where } from '../manifest/workspace.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { calleesFirst } from './callees-first.ts';
import { deploy } from './deploy.ts';
import type { AppVersion, Plan, SyncRequest, SyncResult, Watch } from './operations.ts';
import { plan } from './plan.ts';
import { prepare } from './prepare.ts';
import { residentsOf } from './residents.ts';
import type { Wired } from './wired.ts';

/** Brings `target` to the versions that `source` has, `parallel` apps at a time. Deletes nothing. */
export async function sync(
  wired: Wired,
  request: SyncRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<SyncResult | Failure> {
  const due = await dueApps(wired, request);
  if (isFailure(due)) return due;
  const deployments: Deployment[] = [];
  const failures: Record<string, Failure> = {};
  const { target: where, lockWaitMs, parallel } = request;
  await calleesFirst(due, parallel, async ({ app, version }) => {
    if (signal.aborted) return;
    const deployment = { app, version, where, skip: [], lockWaitMs, detach: false };
    const result = await deploy(wired, deployment, watch, signal);
    if (isFailure(result)) failures[app] = result;
    else deployments.push(result);
  });
  return { deployments, failures };
}

export async function planSync(wired: Wired, request: SyncRequest): Promise<Plan | Failure> {
  const due = await dueApps(wired, request);
  return isFailure(due) ? due : await plan(wired, due, request.target);
}

interface Due extends AppVersion {
  readonly uses: readonly string[];
}

/** Apps of the source whose version the target does not have. */
async function dueApps(wired: Wired, request: SyncRequest): Promise<readonly Due[] | Failure> {
  const source = await releasesAt(wired, request.source);
  if (isFailure(source)) return source;
  const target = await releasesAt(wired, request.target);
  if (isFailure(target)) return target;
  const due: Due[] = [];
  for (const { app, version } of source.filter(({ counts }) => counts)) {
    const there = target.filter((one) => one.app === app);
    // A dark home that stayed behind is brought up as well.
    const isThere = there.length > 0 && there.every((one) => one.version === version);
    if (isThere || wired.workspace.manifests[app] === undefined) continue;
    const prepared = await prepare(wired, { app, version }, request.target, { look: false });
    if (isFailure(prepared)) return prepared;
    due.push({ app, version, uses: prepared.built.flatMap(({ built }) => built.app.uses) });
  }
  return due;
}

interface Found extends AppVersion {
  /** The home on duty has it, or the home that was asked for. */
  readonly counts: boolean;
}

/** What runs somewhere. */
async function releasesAt(wired: Wired, text: string): Promise<readonly Found[] | Failure> {
  const where = findWhere(wired.workspace, text);
  if (isFailure(where)) return where;
  const found: Found[] = [];
  for (const config of where.home ? [where.home] : where.environment.homes) {
    const residents = await residentsIn(wired, where, config);
    if (isFailure(residents)) return residents;
    for (const { app, release, residency } of residents) {
      const counts = where.home !== undefined || residency === undefined || residency.duty;
      if (release) found.push({ app, version: release.version, counts });
    }
  }
  return found;
}

/** A home that does not answer is passed over, unless it was asked for or something is known to be on duty there. */
async function residentsIn(wired: Wired, { environment, home: named }: Where, config: HomeConfig) {
  const residents = await residentsOf(wired, environment, config);
  if (!isFailure(residents)) return residents;
  const residences = await wired.store.residences();
  if (isFailure(residences)) return residences;
  const here = residences.filter((one) => one.environment === environment.name);
  const isOnDuty = here.some(({ homes }) => homes.some(({ home, duty }) => duty && home === config.name));
  return named || isOnDuty ? residents : [];
}
