import { type Built, buildApp } from '../compile/build.ts';
import { findImage } from '../host/images.ts';
import { findWhere } from '../manifest/where.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Note } from '../model/note.ts';
import { runsHere } from './lab.ts';
import type { AppVersion } from './operations.ts';
import { type Registration, register } from './residence.ts';
import type { ConnectedHome, PlatformHome, Wired } from './wired.ts';

/** Everything that is known of a deployment before anything is looked at or changed. */
export interface Prepared extends Registration {
  readonly target: AppVersion;
  readonly built: readonly BuiltHome[];
}

export interface BuiltHome extends PlatformHome {
  readonly name: string;
  readonly built: Built;
  readonly notes: readonly Note[];
}

/** Builds the models of one app for every home a deployment goes to, with all that the rules say. */
export async function prepare(
  wired: Wired,
  target: AppVersion,
  whereText: string,
): Promise<Prepared | Failure> {
  const where = findWhere(wired.workspace, whereText);
  if (isFailure(where)) return where;
  const registration = await register(wired, target.app, where);
  if (isFailure(registration)) return registration;
  const built: BuiltHome[] = [];
  for (const { name } of registration.homes) {
    const one = await buildFor(wired, target, registration, name);
    if (isFailure(one)) return one;
    built.push(one);
  }
  return { ...registration, target, built };
}

async function buildFor(
  wired: Wired,
  { app, version }: AppVersion,
  { environment, homes }: Registration,
  name: string,
): Promise<BuiltHome | Failure> {
  const config = homes.find((home) => home.name === name);
  if (!config) throw new Error(`no home ${name}`);
  const placed = wired.platformOf(environment, config);
  if (isFailure(placed)) return placed;
  const addresses = await wired.addresses(environment);
  if (isFailure(addresses)) return addresses;
  const built = await buildApp(wired.workspace, wired.features, {
    app,
    version,
    environment,
    home: config,
    ...(addresses ? { addresses } : {}),
  });
  if (isFailure(built)) return built;
  const { root, images } = wired.workspace;
  const findImageHere =
    images && runsHere(config) ? (image: string) => findImage(images, root, image) : undefined;
  const context = {
    workspace: wired.workspace,
    // An edge that comes by itself is one as well.
    environment: { name: environment.name, edge: addresses },
    home: config,
    built,
    ...(findImageHere ? { findImage: findImageHere } : {}),
  };
  const notes = [...built.notes, ...wired.rules.flatMap((rule) => rule.check(context))];
  return { ...placed, name, built, notes };
}

/** The live side of every prepared home. */
export async function connectAll(
  wired: Wired,
  { environment, homes }: Registration,
): Promise<ReadonlyMap<string, ConnectedHome> | Failure> {
  const connected = new Map<string, ConnectedHome>();
  for (const config of homes) {
    const home = await wired.connect(environment, config);
    if (isFailure(home)) return home;
    connected.set(config.name, home);
  }
  return connected;
}
