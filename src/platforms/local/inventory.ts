import { type Failure, isFailure } from '../../model/failure.ts';
import { number, record } from '../json.ts';
import type { Resident, Target } from '../platform.ts';
import { cronKind } from './names.ts';
import { appOf, observe } from './observe.ts';
import { read } from './read.ts';
import type { Supervisor } from './supervisor.ts';

/** See `Home.inventory`. */
export async function inventory(
  supervisor: Supervisor,
  target: Target,
  signal?: AbortSignal,
): Promise<readonly Resident[] | Failure> {
  const objects = await observe(supervisor, {}, signal);
  if (isFailure(objects)) return objects;
  const { releases } = read(objects, target);
  return [...new Set(objects.map(appOf))].sort().map((app): Resident => {
    const own = objects.filter((object) => appOf(object) === app);
    const crons = own.filter(({ kind }) => kind === cronKind);
    const count = (key: string) =>
      own.reduce((sum, { body }) => sum + (number(record(body['counts'])[key]) ?? 0), 0);
    const release = releases[app];
    return {
      app,
      ...(release ? { release } : {}),
      wanted: count('wanted'),
      running: count('running'),
      healthy: count('healthy'),
      ...(crons.length > 0 ? { armed: crons.some(({ body }) => body['armed'] === true) } : {}),
    };
  });
}
