import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { type Looked, look, type Place, type Sight } from './changes.ts';
import { runs } from './previous.ts';

/** An app that lives elsewhere, as a home knows it where it is called from: nothing but a name with an address. */
export function neighbour(name: string, { environment, stage }: Pick<App, 'environment' | 'stage'>): App {
  const nothing = { services: [], jobs: [], crons: [], routes: [], uses: [] };
  return { kind: 'App', name, version: '', environment, stage, ...nothing };
}

/**
 * What a home has to know of a neighbour and does not yet. One that turns out to live here is left alone, whatever is
 * remembered of it.
 */
export async function lookAtNeighbour(place: Place, app: App, sight: Sight): Promise<Looked | Failure> {
  const looked = await look(place, app.name, app, sight);
  if (isFailure(looked)) return looked;
  const { apps } = place.platform.read(looked.live, place.target);
  const livesHere = apps.some((seen) => seen.name === app.name && runs(seen));
  const changes = livesHere ? [] : looked.changes.filter(({ action }) => action !== 'delete');
  return { ...looked, changes };
}
