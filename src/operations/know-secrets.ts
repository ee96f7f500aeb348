import { type App, isSecret } from '../model/app.ts';
import { isFailure } from '../model/failure.ts';
import type { Reveal } from '../platforms/platform.ts';
import { prepare } from './prepare.ts';
import type { Wired } from './wired.ts';

/** A version to build manifests with, to see which secrets they name. */
const anyVersion = '0.0.0';
/** Releases that may still run somewhere. */
const latest = 5;

/**
 * Looks up what an app's tasks know, so that it is masked in what they print. What cannot be looked up here cannot
 * be masked, and is no reason to show nothing.
 */
export async function knowSecrets(wired: Wired, app: string, where: string): Promise<void> {
  const prepared = await prepare(wired, { app, version: anyVersion }, where, { look: false });
  if (!isFailure(prepared)) for (const { built } of prepared.built) lookUpSecrets(wired.reveal, built.app);
  const [environment = where] = where.split('.');
  const deployments = await wired.store.deployments({ app, environment, limit: latest });
  for (const { deployment } of isFailure(deployments) ? [] : deployments) {
    const begun = await wired.store.begun(deployment);
    if (isFailure(begun)) continue;
    for (const model of Object.values(begun.models)) lookUpSecrets(wired.reveal, model);
  }
}

export function lookUpSecrets(reveal: Reveal, app: App): void {
  const workloads = [...app.services, ...app.jobs, ...app.crons];
  for (const secret of workloads.flatMap(({ env }) => Object.values(env)).filter(isSecret)) reveal(secret);
}
