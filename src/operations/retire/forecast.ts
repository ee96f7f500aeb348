import { type Failure, isFailure } from '../../model/failure.ts';
import { conditionsOf } from '../../process/retire/conditions.ts';
import { removalOf } from '../../process/retire/removal.ts';
import type { RetireForecast, RetireRequest } from '../retirements.ts';
import type { Wired } from '../wired.ts';
import { noCallers } from './callers.ts';
import { placeOf, type RetirePlace } from './place.ts';

/** What a retirement would remove, and whether it may. `notes`: keeps the edge's figures for the next look. */
export async function forecast(
  wired: Wired,
  request: RetireRequest,
  { notes }: { readonly notes: boolean },
): Promise<RetireForecast | Failure> {
  const place = await placeOf(wired, request);
  return isFailure(place) ? place : await forecastAt(wired, place, request, notes);
}

export async function forecastAt(
  wired: Wired,
  place: RetirePlace,
  { app, proofMs = wired.workspace.moves.proofMs }: RetireRequest,
  notes: boolean,
): Promise<RetireForecast | Failure> {
  const { environment, name: home, edge, home: live } = place;
  const { store, reveal, host } = wired;
  const leaving = { app, environment: environment.name, home, live, edge, store, clock: host.clock };
  const conditions = await conditionsOf({ ...leaving, proofMs, notes });
  if (isFailure(conditions)) return conditions;
  const removal = await removalOf(place, place.own, { reveal });
  if (isFailure(removal)) return removal;
  const { apps, releases } = place.platform.read(removal.live, place.target);
  const version = releases[app]?.version ?? apps.find(({ name }) => name === app)?.version ?? '';
  const current = version === '' ? {} : { current: version };
  const all = [...conditions, await noCallers(wired, place, removal)];
  return {
    app,
    environment: environment.name,
    home,
    conditions: all,
    ...retireAt(all),
    plan: {
      environment: `${environment.name}.${home}`,
      apps: [{ app, version, ...current, changes: removal.changes, notes: [] }],
    },
  };
}

/** Where time alone is missing. */
function retireAt(conditions: RetireForecast['conditions']): { readonly retireAt?: string } {
  const unmet = conditions.filter(({ met }) => !met);
  const times = unmet.flatMap(({ metAt }) => metAt ?? []);
  const last = times.toSorted().at(-1);
  return last !== undefined && times.length === unmet.length ? { retireAt: last } : {};
}
