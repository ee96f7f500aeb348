import { type Failure, isFailure } from '../model/failure.ts';
import type { Wired } from './wired.ts';

/**
 * Starts the edges of this machine in front of what was deployed before, as after a `lab down`: an edge comes back
 * with all its fronts. Where nothing was deployed, nothing is started.
 */
export async function serveAgain(wired: Wired): Promise<undefined | Failure> {
  const residences = await wired.store.residences();
  if (isFailure(residences)) return residences;
  for (const name of new Set(residences.map(({ environment }) => environment))) {
    const environment = wired.workspace.environments[name];
    const edge = environment && (await wired.edgeOf(environment, { start: true }));
    if (isFailure(edge)) return edge;
  }
  return undefined;
}
