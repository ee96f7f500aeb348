import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { list, number } from '../json.ts';
import type { Resident, Target } from '../platform.ts';
import type { Links } from './links.ts';
import { chronosKind } from './names.ts';
import { appOf, observe } from './observe.ts';
import { read } from './read.ts';

/** See `Home.inventory`. */
export async function inventory(
  links: Links,
  target: Target,
  signal?: AbortSignal,
): Promise<readonly Resident[] | Failure> {
  const objects = await observe(links, {}, signal);
  if (isFailure(objects)) return objects;
  const { releases } = read(objects, target);
  const names = [...new Set(objects.flatMap((object) => appOf(object) ?? []))].sort();
  return names.map((app): Resident => {
    const own = objects.filter((object) => appOf(object) === app);
    const release = releases[app];
    const counts = own.filter(({ kind }) => kind !== chronosKind).map(countsOf);
    const jobs = own.filter(({ kind }) => kind === chronosKind);
    return {
      app,
      ...(release ? { release } : {}),
      wanted: sum(counts.map(({ wanted }) => wanted)),
      running: sum(counts.map(({ running }) => running)),
      healthy: sum(counts.map(({ healthy }) => healthy)),
      ...(jobs.length > 0 ? { armed: jobs.some(({ body }) => body['disabled'] !== true) } : {}),
    };
  });
}

/** Without health checks Marathon counts none as healthy; running is all that is known then. */
function countsOf({ body }: NativeObject) {
  const running = number(body['tasksRunning']) ?? 0;
  const healthy = list(body['healthChecks']).length > 0 ? (number(body['tasksHealthy']) ?? 0) : running;
  return { wanted: number(body['instances']) ?? 0, running, healthy };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
