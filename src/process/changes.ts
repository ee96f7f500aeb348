import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import { diff } from '../plan/diff.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployHome } from './context.ts';

/** What a home has of the app, and what would have to be written there. */
export interface Looked {
  readonly live: readonly NativeObject[];
  readonly changes: readonly Change[];
}

/** Compares what a home has with what it is to run; with nothing, where `app` is undefined. */
export async function look(
  { platform, target, name, home, app: { name: appName } }: DeployHome,
  app: App | undefined,
  reveal: Reveal,
  signal?: AbortSignal,
): Promise<Looked | Failure> {
  const wanted = app ? platform.compile(app, target).objects : [];
  const live = await home.observe({ app: appName, names: wanted.map(({ id }) => id) }, signal);
  if (isFailure(live)) return live;
  const changes = diff(wanted, live.map(platform.managed), { home: name, reveal });
  return isFailure(changes) ? changes : { live, changes };
}

/** Which step a change belongs to: `crons` for periodic tasks, `rollout` for everything else. */
export function partOf({ platform, target }: DeployHome, change: Change): 'rollout' | 'crons' {
  const object: NativeObject | undefined = change.after ?? change.before;
  const { apps } = object ? platform.read([object], target) : { apps: [] };
  const onlyCrons = apps.length > 0 && apps.every((app) => app.crons.length > 0 && app.services.length === 0);
  return onlyCrons ? 'crons' : 'rollout';
}
