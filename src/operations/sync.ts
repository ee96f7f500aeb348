import { findWhere } from '../manifest/where.ts';
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
  const source = await versionsAt(wired, request.source);
  if (isFailure(source)) return source;
  const target = await versionsAt(wired, request.target);
  if (isFailure(target)) return target;
  const due: Due[] = [];
  for (const [app, version] of Object.entries(source)) {
    if (target[app] === version || wired.workspace.manifests[app] === undefined) continue;
    const prepared = await prepare(wired, { app, version }, request.target);
    if (isFailure(prepared)) return prepared;
    due.push({ app, version, uses: prepared.built.flatMap(({ built }) => built.app.uses) });
  }
  return due;
}

/** Versions by app, as the homes on duty have them; of one home where that is named. */
async function versionsAt(wired: Wired, text: string): Promise<Readonly<Record<string, string>> | Failure> {
  const where = findWhere(wired.workspace, text);
  if (isFailure(where)) return where;
  const versions: Record<string, string> = {};
  for (const config of where.home ? [where.home] : where.environment.homes) {
    const residents = await residentsOf(wired, where.environment, config);
    if (isFailure(residents)) return residents;
    for (const { app, release, residency } of residents) {
      const counts = where.home !== undefined || residency === undefined || residency.duty;
      if (release && counts) versions[app] = release.version;
    }
  }
  return versions;
}
