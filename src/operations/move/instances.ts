import { isFailure } from '../../model/failure.ts';
import type { Endpoint } from '../../platforms/platform.ts';
import type { LookedHome } from './seen-home.ts';
import type { Site } from './site.ts';

/** How long a home may take to say where its instances are, ms. */
const waitMs = 5_000;

/** Where the instances of the app in a home are at this moment; undefined where the home does not tell. */
export async function endpointsIn(
  { app }: Site,
  { connected }: LookedHome,
): Promise<readonly Endpoint[] | undefined> {
  if (!connected?.platform.capabilities.endpoints) return undefined;
  for await (const list of connected.home.endpoints(app, AbortSignal.timeout(waitMs))) {
    return isFailure(list) ? undefined : list;
  }
  return undefined;
}

/** The ids of the instances: one that was replaced has another one. */
export async function instancesIn(site: Site, home: LookedHome): Promise<readonly string[] | undefined> {
  return (await endpointsIn(site, home))?.map(({ id }) => id);
}
