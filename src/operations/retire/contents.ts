import type { Environment, HomeConfig } from '../../manifest/workspace.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { diff } from '../../plan/diff.ts';
import { runs } from '../../process/previous.ts';
import type { Wired } from '../wired.ts';

/** What is in a home that no app should be in any more. */
export interface Contents {
  /** Apps that rehome has deployed, and that run. */
  readonly apps: readonly string[];
  /** Objects that bear our stamps and belong to no app that runs: addresses of apps that others called there. */
  readonly leftovers: readonly {
    readonly app: string;
    readonly object: string;
    readonly before: NativeObject;
  }[];
  /** What somebody else runs there. */
  readonly others: readonly string[];
}

export async function contentsOf(
  wired: Wired,
  environment: Environment,
  home: HomeConfig,
): Promise<Contents | Failure> {
  const connected = await wired.connect(environment, home);
  if (isFailure(connected)) return connected;
  const objects = await connected.home.observe({});
  if (isFailure(objects)) return objects;
  const { platform, target } = connected;
  const { apps, releases } = platform.read(objects, target);
  const running = apps.filter(runs).map(({ name }) => name);
  const managed = objects.map((object) => platform.managed(object));
  const removals = diff([], managed, { home: home.name, reveal: wired.reveal });
  if (isFailure(removals)) return removals;
  const leftovers = removals.flatMap(({ object, before }) => {
    const app = before?.remarks?.['app'];
    return before && app !== undefined && !running.includes(app) ? [{ app, object, before }] : [];
  });
  return {
    apps: running.filter((app) => releases[app]),
    leftovers,
    others: running.filter((app) => !releases[app]),
  };
}
