import { type Failure, isFailure } from '../../model/failure.ts';
import { type Json, same, text } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import type { Marathon } from './marathon.ts';

/**
 * Whether a deployment of Marathon was begun by a write of rehome that `isOurs` knows by its deployment. Our label
 * alone does not say so: it stays on the app when somebody else scales it. Ours is the version that brought the
 * label, and those after it that say the very same (attempts that met a lock leave versions too).
 */
export async function isOwnDeployment(
  marathon: Marathon,
  id: string,
  deployment: string,
  isOurs: (deployment: string) => Promise<boolean>,
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
  const author = await authorOf(marathon, id, earlier, signal);
  return author === undefined || isFailure(author) ? (author ?? false) : await isOurs(author);
}

/** The deployment of rehome that brought the last of these versions; undefined where it was somebody else. */
async function authorOf(
  marathon: Marathon,
  id: string,
  versions: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined | Failure> {
  let later: { readonly author: string; readonly content: Json } | undefined;
  for (const version of versions.toReversed()) {
    const app = await marathon.version(id, version, signal);
    if (isFailure(app)) return app;
    const author = stampsInLabels(app?.['labels'])['deployment'];
    const content = { ...app, version: undefined, versionInfo: undefined };
    if (later && author !== later.author) return later.author;
    if (author === undefined || (later && !same(later.content, content))) return undefined;
    later = { author, content };
  }
  return later?.author;
}
