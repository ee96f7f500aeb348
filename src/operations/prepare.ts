import { type Built, buildApp } from '../compile/build.ts';
import { findImage } from '../host/images.ts';
import { findWhere } from '../manifest/where.ts';
import type { HomeConfig } from '../manifest/workspace.ts';
import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Note } from '../model/note.ts';
import type { Residency } from '../model/residence.ts';
import type { Standing } from '../model/work.ts';
import { type Around, addressesIn, aroundOf, neighboursOf, targetAround } from './around.ts';
import { runsHere } from './lab.ts';
import type { AppVersion } from './operations.ts';
import { type Looking, type Registration, register } from './residence.ts';
import type { PlatformHome, Wired } from './wired.ts';

/** Everything that is known of a deployment before anything is looked at or changed. */
export interface Prepared extends Registration {
  readonly target: AppVersion;
  readonly built: readonly BuiltHome[];
  readonly around: Around;
}

export interface BuiltHome extends PlatformHome {
  readonly name: string;
  readonly built: Built;
  /** Of the model. */
  readonly notes: readonly Note[];
  /** See `DeployHome.neighbours`. */
  readonly neighbours: readonly App[];
  /** What the platform says of its translation of the app and its neighbours. */
  readonly translation: readonly Note[];
}

export interface Preparing extends Looking {
  /**
   * Shares and duty that models are built for, by home, where they are not those that are remembered. What a deployment
   * registers and who decides about it stays as it is.
   */
  readonly residence?: readonly Residency[];
}

/**
 * Builds the models of one app for every home a deployment goes to, with all that the rules say. A home gets what its
 * residency asks for: real work or a twin, its share of a worker's instances. See model/work.ts.
 */
export async function prepare(
  wired: Wired,
  target: AppVersion,
  whereText: string,
  { residence: intended = [], ...looking }: Preparing = {},
): Promise<Prepared | Failure> {
  const where = findWhere(wired.workspace, whereText);
  if (isFailure(where)) return where;
  const registration = await register(wired, target.app, where, looking);
  if (isFailure(registration)) return registration;
  const around = await aroundOf(wired, registration.environment, registration.residence);
  if (isFailure(around)) return around;
  const built: BuiltHome[] = [];
  for (const config of registration.homes) {
    const residency = standingIn(config.name, [...intended, ...registration.residence.homes]);
    const one = buildFor(wired, target, registration, config, residency, around);
    if (isFailure(one)) return one;
    built.push(one);
  }
  return { ...registration, target, built, around };
}

/** Of the first residency that tells of a home; a home that none tells of is dark. */
export function standingIn(home: string, homes: readonly Residency[]): Standing {
  const { share, duty } = homes.find((one) => one.home === home) ?? { share: 0, duty: false };
  return { share, duty };
}

function buildFor(
  wired: Wired,
  { app, version }: AppVersion,
  { environment }: Registration,
  config: HomeConfig,
  residency: Standing,
  around: Around,
): BuiltHome | Failure {
  const { workspace, features, rules } = wired;
  const placed = wired.platformOf(environment, config);
  if (isFailure(placed)) return placed;
  const home = { ...placed, target: targetAround(placed, around) };
  const addresses = addressesIn(home, Object.keys(workspace.manifests), around);
  const known = addresses ? { addresses } : {};
  const request = { app, version, environment, home: config, residency, ...known };
  const built = buildApp(workspace, features, request);
  if (isFailure(built)) return built;
  const { root, images } = workspace;
  const findImageHere =
    images && runsHere(config) ? (image: string) => findImage(images, root, image) : undefined;
  const context = {
    workspace,
    // Names of the home's own, and an edge that comes by itself, give addresses as well.
    environment: { name: environment.name, edge: addresses },
    home: config,
    built,
    ...(findImageHere ? { findImage: findImageHere } : {}),
  };
  const notes = [...built.notes, ...rules.flatMap((rule) => rule.check(context))];
  return { ...home, name: config.name, built, notes, ...withNeighbours(built.app, home, around) };
}

/** What depends on the very model of an app. */
export function withNeighbours(app: App, home: PlatformHome, around: Around) {
  const neighbours = neighboursOf(app, home, around);
  const translation = [app, ...neighbours].flatMap((one) => home.platform.compile(one, home.target).notes);
  return { neighbours, translation };
}
