import { findWhere } from '../manifest/where.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { deploy } from './deploy.ts';
import type { AppVersion, Plan, SyncRequest, SyncResult, Watch } from './operations.ts';
import { plan } from './plan.ts';
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
  const queue = [...due];
  const deployments: Deployment[] = [];
  const failures: Record<string, Failure> = {};
  const workNext = async () => {
    for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
      const { target: where, lockWaitMs } = request;
      const result = await deploy(
        wired,
        { ...next, where, skip: [], lockWaitMs, detach: false },
        watch,
        signal,
      );
      if (isFailure(result)) failures[next.app] = result;
      else deployments.push(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, request.parallel) }, workNext));
  return { deployments, failures };
}

export async function planSync(wired: Wired, request: SyncRequest): Promise<Plan | Failure> {
  const due = await dueApps(wired, request);
  return isFailure(due) ? due : await plan(wired, due, request.target);
}

/** Apps of the source whose version the target does not have. */
async function dueApps(wired: Wired, request: SyncRequest): Promise<readonly AppVersion[] | Failure> {
  const source = await versionsAt(wired, request.source);
  if (isFailure(source)) return source;
  const target = await versionsAt(wired, request.target);
  if (isFailure(target)) return target;
  return Object.entries(source)
    .filter(([app, version]) => target[app] !== version && wired.workspace.manifests[app] !== undefined)
    .map(([app, version]) => ({ app, version }));
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
