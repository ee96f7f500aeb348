import { type Failure, isFailure } from '../model/failure.ts';
import type { AppVersion, Rendered } from './operations.ts';
import { prepare } from './prepare.ts';
import type { Wired } from './wired.ts';

/** The native objects of one app in each of its homes, without a look at anything live. */
export async function render(
  wired: Wired,
  target: AppVersion,
  where: string,
): Promise<readonly Rendered[] | Failure> {
  const prepared = await prepare(wired, target, where, { look: false });
  if (isFailure(prepared)) return prepared;
  return prepared.built.map(({ name, platform, target: place, built, notes, neighbours, translation }) => ({
    home: `${prepared.environment.name}.${name}`,
    platform: platform.name,
    objects: [built.app, ...neighbours].flatMap((app) => platform.compile(app, place).objects),
    notes: [...notes, ...translation],
  }));
}
