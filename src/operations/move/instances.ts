import { isFailure } from '../../model/failure.ts';
import type { Endpoint } from '../../platforms/platform.ts';
import type { LookedHome } from './seen-home.ts';
import type { Site } from './site.ts';

/** How long a home may take to say where its instances are, ms: who takes traffic back waits for that at most. */
const waitMs = 2_000;

/** Where the instances of the app in a home are at this moment; undefined where the home does not tell. */
export async function endpointsIn(
  { app }: Site,
  { connected }: LookedHome,
  signal?: AbortSignal,
): Promise<readonly Endpoint[] | undefined> {
  if (!connected?.platform.capabilities.endpoints) return undefined;
  const late = AbortSignal.timeout(waitMs);
  const stop = signal ? AbortSignal.any([late, signal]) : late;
  for await (const list of connected.home.endpoints(app, stop)) {
    return isFailure(list) ? undefined : list;
  }
  return undefined;
}

/** The ids of the instances: one that was replaced has another one. */
export async function instancesIn(
  site: Site,
  home: LookedHome,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  return (await endpointsIn(site, home, signal))?.map(({ id }) => id);
}
