import type { Edge } from '../../edges/edge.ts';
import { findWhere } from '../../manifest/where.ts';
import type { Environment, HomeConfig } from '../../manifest/workspace.ts';
import type { App } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Place } from '../../process/changes.ts';
import { neighbour } from '../../process/neighbours.ts';
import { aroundOf, targetAround } from '../around.ts';
import { unknownIn } from '../known.ts';
import type { RetireRequest } from '../retirements.ts';
import type { Wired } from '../wired.ts';

/** The home that an app is to leave, connected. */
export interface RetirePlace extends Place {
  readonly environment: Environment;
  readonly config: HomeConfig;
  readonly edge: Edge | undefined;
  /** What the home knows of the app once it lives elsewhere only. */
  readonly own: App;
}

export async function placeOf(
  wired: Wired,
  { app, where, from }: Pick<RetireRequest, 'app' | 'where' | 'from'>,
): Promise<RetirePlace | Failure> {
  const unknown = await unknownIn(wired, { app, environment: where });
  if (unknown) return unknown;
  const found = homeFrom(wired, where, from);
  if (isFailure(found)) return found;
  const { environment, config } = found;
  const around = await aroundOf(wired, environment);
  if (isFailure(around)) return around;
  const connected = await wired.connect(environment, config);
  if (isFailure(connected)) return connected;
  const edge = await wired.edgeOf(environment, { start: false });
  if (isFailure(edge)) return edge;
  const { stage } = environment;
  const own = neighbour(app, { environment: environment.name, stage });
  return {
    ...connected,
    name: config.name,
    target: targetAround(connected, around),
    environment,
    config,
    edge,
    own,
  };
}

/** A home is named as `mesos`, or whole, as `test1.mesos`. */
export function homeFrom({ workspace }: Pick<Wired, 'workspace'>, where: string, from: string) {
  const found = findWhere(workspace, from.startsWith(`${where}.`) ? from : `${where}.${from}`);
  if (isFailure(found)) return found;
  const { environment, home: config } = found;
  return config ? { environment, config } : fail('unknown-home', `${from} is no home of ${where}.`);
}
