import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Change, NativeObject } from '../model/native.ts';
import { diff } from '../plan/diff.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployHome } from './context.ts';

/** What would have to be written to a home so that it runs `app`; everything of the app goes where it is undefined. */
export async function changesFor(
  { platform, target, home, name, ...deploying }: DeployHome,
  app: App | undefined,
  reveal: Reveal,
  signal?: AbortSignal,
): Promise<readonly Change[] | Failure> {
  const live = await home.observe({ app: deploying.app.name }, signal);
  if (isFailure(live)) return live;
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
