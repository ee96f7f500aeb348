import type { App } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { type Looked, look, type Place, type Sight } from '../changes.ts';
import { runs } from '../previous.ts';

export interface Removal extends Looked {
  /** Apps of the home that call this one by the home's own name: that name leads to the edge from now on. */
  readonly callers: readonly string[];
}

/**
 * What takes an app out of a home: all of it goes, but for its name where others call it by that. `own` is the app as
 * a neighbour, which is nothing but a name with an address.
 */
export async function removalOf(place: Place, own: App, sight: Sight): Promise<Removal | Failure> {
  const callers = await callersIn(place, own.name, sight);
  if (isFailure(callers)) return callers;
  const looked = await look(place, own.name, callers.length > 0 ? own : undefined, sight);
  return isFailure(looked) ? looked : { ...looked, callers };
}

async function callersIn(
  { platform, target, home }: Place,
  app: string,
  { signal }: Sight,
): Promise<readonly string[] | Failure> {
  const address = platform.addressOf?.(app, target);
  if (address === undefined) return [];
  const objects = await home.observe({}, signal);
  if (isFailure(objects)) return objects;
  const others = platform.read(objects, target).apps.filter((one) => one.name !== app && runs(one));
  return others.filter((one) => one.uses.includes(app) || names(one, address)).map(({ name }) => name);
}

/** Whether an app has an address in its env, whatever its manifest says of whom it uses. */
export function names({ services, crons }: App, address: string): boolean {
  const values = [...services, ...crons].flatMap(({ env }) => Object.values(env));
  // `http://account` is no part of `http://account-2`.
  return values.some(
    (value) =>
      typeof value === 'string' &&
      value
        .split(address)
        .slice(1)
        .some((rest) => !/^[\w-]/.test(rest)),
  );
}
