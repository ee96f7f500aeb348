import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import { diff } from '../plan/diff.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployHome } from './context.ts';

/** A home, as far as looking at it and writing to it goes. */
export type Place = Pick<DeployHome, 'name' | 'platform' | 'target' | 'home'>;

/** What looking takes. */
export interface Sight {
  readonly reveal: Reveal;
  readonly signal?: AbortSignal;
}

/** What a home has of an app, and what would have to be written there. */
export interface Looked {
  readonly live: readonly NativeObject[];
  readonly changes: readonly Change[];
}

/** Compares what a home has of an app with what it is to run; with nothing, where `wanted` is undefined. */
export async function look(
  { platform, target, name, home }: Place,
  app: string,
  wanted: App | undefined,
  { reveal, signal }: Sight,
): Promise<Looked | Failure> {
  const objects = wanted ? platform.compile(wanted, target).objects : [];
  const live = await home.observe({ app, names: objects.map(({ kind, id }) => ({ kind, id })) }, signal);
  if (isFailure(live)) return live;
  const changes = diff(objects, live.map(platform.managed), { home: name, reveal });
  return isFailure(changes) ? changes : { live, changes };
}

/** Which step a change belongs to: `crons` for periodic tasks, `rollout` for everything else. */
export function partOf({ platform, target }: Place, change: Change): 'rollout' | 'crons' {
  const object: NativeObject | undefined = change.after ?? change.before;
  const { apps } = object ? platform.read([object], target) : { apps: [] };
  const onlyCrons = apps.length > 0 && apps.every((app) => app.crons.length > 0 && app.services.length === 0);
  return onlyCrons ? 'crons' : 'rollout';
}
