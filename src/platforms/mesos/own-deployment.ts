import { type Failure, isFailure } from '../../model/failure.ts';
import { type Json, same, text } from '../json.ts';
import { texts } from '../remarks.ts';
import type { Marathon } from './marathon.ts';
import { stampsInLabels } from './stamps.ts';

/**
 * Whether a deployment of Marathon was begun by the write of our deployment `own`. Our label alone does not
 * say so: it stays on the app when somebody else scales it. Ours is the version that brought the label, and
 * those after it that say the very same (attempts that met a lock leave versions too).
 */
export async function isOwnDeployment(
  marathon: Marathon,
  id: string,
  deployment: string,
  own: string,
  signal?: AbortSignal,
): Promise<boolean | Failure> {
  const deployments = await marathon.deployments(signal);
  if (isFailure(deployments)) return deployments;
  const found = deployments.find((running) => running['id'] === deployment);
  if (!found) return true; // over by now: nothing of anybody is ended
  const apps = found['affectedApps'];
  if (!Array.isArray(apps) || apps.some((app) => app !== id)) return false;
  const versions = await marathon.versions(id, signal);
  if (isFailure(versions)) return versions;
  const earlier = versions.filter((version) => version <= (text(found['version']) ?? ''));
  return await broughtBy(marathon, id, earlier, own, signal);
}

async function broughtBy(
  marathon: Marathon,
  id: string,
  versions: readonly string[],
  own: string,
  signal: AbortSignal | undefined,
): Promise<boolean | Failure> {
  let later: Json | undefined;
  for (const version of versions.toReversed()) {
    const app = await marathon.version(id, version, signal);
    if (isFailure(app)) return app;
    const isLabelled = stampsInLabels(texts(app?.['labels']))['deployment'] === own;
    if (!app || !isLabelled) return later !== undefined;
    const content = { ...app, version: undefined, versionInfo: undefined };
    if (later && !same(later, content)) return false;
    later = content;
  }
  return later !== undefined;
}
