import type { App } from '../model/app.ts';
import type { Failure } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import { diff } from '../plan/diff.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployHome } from './context.ts';

/** The live objects of the app in a home, as the platform has them. */
export async function look(
  { home, app }: DeployHome,
  signal?: AbortSignal,
): Promise<readonly NativeObject[] | Failure> {
  return await home.observe({ app: app.name }, signal);
}

/** What would have to be written so that a home runs `app`, or nothing of it where that is undefined. */
export function changesFor(
  { platform, target, name }: DeployHome,
  live: readonly NativeObject[],
  app: App | undefined,
  reveal: Reveal,
): readonly Change[] | Failure {
  const wanted = app ? platform.compile(app, target).objects : [];
  return diff(wanted, live.map(platform.managed), { home: name, reveal });
}

/** Which step a change belongs to: `crons` for periodic tasks, `rollout` for everything else. */
export function partOf({ platform, target }: DeployHome, change: Change): 'rollout' | 'crons' {
  const object: NativeObject | undefined = change.after ?? change.before;
  const { apps } = object ? platform.read([object], target) : { apps: [] };
  const onlyCrons = apps.length > 0 && apps.every((app) => app.crons.length > 0 && app.services.length === 0);
  return onlyCrons ? 'crons' : 'rollout';
}
