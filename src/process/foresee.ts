import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Change } from '../model/native.ts';
import { type Looked, look, type Place, type Sight } from './changes.ts';
import type { DeployHome } from './context.ts';
import { lookAtNeighbour } from './neighbours.ts';
import { releaseOf } from './previous.ts';

/** A home with what a deployment would have it run. */
export type Foreseeable = Place & Pick<DeployHome, 'app' | 'neighbours'>;

/**
 * All that a deployment would write to a home, the addresses of neighbours included, as the home itself would carry
 * it out: where it can say so, what it refuses is known before anything changes. `live` is what it has of the app.
 */
export async function foresee(
  home: Foreseeable,
  deployment: string,
  sight: Sight,
): Promise<Looked | Failure> {
  const looked = await look(home, home.app.name, home.app, sight);
  if (isFailure(looked)) return looked;
  const own = await rehearse(home, home.app, looked.changes, deployment, sight);
  if (isFailure(own)) return own;
  const changes = [...own];
  for (const neighbour of home.neighbours) {
    const seen = await lookAtNeighbour(home, neighbour, sight);
    if (isFailure(seen)) return seen;
    const further = await rehearse(home, neighbour, seen.changes, deployment, sight);
    if (isFailure(further)) return further;
    changes.push(...further);
  }
  return { live: looked.live, changes };
}

async function rehearse(
  { home }: Place,
  app: App,
  changes: readonly Change[],
  deployment: string,
  sight: Sight,
): Promise<readonly Change[] | Failure> {
  if (changes.length === 0 || !home.rehearse) return changes;
  return await home.rehearse(changes, { release: releaseOf(app, deployment), deployment, ...sight });
}
