import type { Edge } from '../../edges/edge.ts';
import type { Environment, HomeConfig } from '../../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { ConnectedHome, Wired } from '../wired.ts';

/** Where a move takes place. */
export interface Site {
  readonly wired: Wired;
  readonly environment: Environment;
  readonly app: string;
  readonly from: HomeConfig;
  readonly to: HomeConfig;
}

/** `unknown-home` where rehome.yaml has changed under it. */
export function siteOf(
  wired: Wired,
  { app, environment: name, from, to }: Pick<Move, 'app' | 'environment' | 'from' | 'to'>,
): Site | Failure {
  const environment = wired.workspace.environments[name];
  const find = (home: string) => environment?.homes.find((one) => one.name === home);
  const [source, target] = [find(from), find(to)];
  if (environment && source && target) return { wired, environment, app, from: source, to: target };
  const missing = !environment ? name : `${name}.${source ? to : from}`;
  return fail('unknown-home', `${missing} is not in rehome.yaml any more, and ${app} is on the move.`, {
    hint: 'put it back until the move is over',
  });
}

/**
 * The edge, where it splits this app's traffic: an app that listens on nothing has no front. One that died since is
 * started again, and comes back with the shares that it had.
 */
export async function frontOf(
  site: Site,
  start: true | 'again' = true,
): Promise<Front | undefined | Failure> {
  const { wired, environment, app } = site;
  const edge = await wired.edgeOf(environment, { start });
  if (!edge || isFailure(edge)) return edge;
  const shares = await edge.getShare(app);
  if (isFailure(shares)) {
    const died = shares.code === 'edge-not-running' && start !== 'again';
    return died ? await frontOf(site, 'again') : shares;
  }
  return shares && { edge, shares };
}

export interface Front {
  readonly edge: Edge;
  readonly shares: Readonly<Record<string, number>>;
}

export async function connectTo(
  { wired, environment }: Site,
  config: HomeConfig,
): Promise<ConnectedHome | Failure> {
  return await wired.connect(environment, config);
}
