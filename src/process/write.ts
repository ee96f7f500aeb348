import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Change } from '../model/native.ts';
import type { Release } from '../model/release.ts';
import { look, partOf } from './changes.ts';
import type { DeployContext, DeployHome } from './context.ts';
import { previousOf, runs } from './previous.ts';

type Part = 'rollout' | 'crons';

/** Writes one part of an app to a home, stamped with its release. Answers what was written. */
export async function writePart(
  context: DeployContext,
  home: DeployHome,
  app: App | undefined,
  part: Part,
): Promise<readonly Change[] | Failure> {
  const { reveal, signal } = context;
  const looked = await look(home, home.app.name, app, { reveal, signal });
  if (isFailure(looked)) return looked;
  const own = looked.changes.filter((change) => partOf(home, change) === part);
  if (own.length === 0) return own;
  return (await write(context, home, own, home.release)) ?? own;
}

/** Writes changes to a home as this deployment, stamped with a release. */
export async function write(
  context: DeployContext,
  { home }: DeployHome,
  changes: readonly Change[],
  release: Release,
): Promise<undefined | Failure> {
  const { id, reveal, signal } = context;
  const isOver = (deployment: string) => isOverIn(context, deployment);
  return await home.apply(changes, { release, deployment: id, isOver, reveal, signal });
}

/** Whether a deployment is over; one that the store does not know may be anybody's. */
async function isOverIn({ store }: DeployContext, id: string): Promise<boolean> {
  const deployment = await store.deployment(id);
  return deployment !== undefined && !isFailure(deployment) && deployment.status !== 'running';
}

/** Writes back the part of what a home ran before. Undefined when nothing had to be written. */
export async function writeBack(
  context: DeployContext,
  home: DeployHome,
  part: Part,
): Promise<{ readonly home: DeployHome | undefined; readonly message: string } | undefined | Failure> {
  const previous = await previousOf(context, home);
  if (isFailure(previous)) return previous;
  const back = previous ? { ...home, app: previous.app, release: previous.release } : undefined;
  const written = await writePart(context, back ?? home, previous?.app, part);
  if (isFailure(written)) return written;
  if (written.length === 0) return undefined;
  if (!previous || !runs(previous.app))
    return { home: undefined, message: `${home.name}: removed, as it was not there before` };
  return { home: back, message: `${home.name}: back at ${previous.app.version}` };
}
