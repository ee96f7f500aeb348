import type { Shares } from '../edges/edge.ts';
import type { Environment, HomeConfig, Where } from '../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Residence, Residency } from '../model/residence.ts';
import type { Resident } from '../platforms/platform.ts';
import type { Wired } from './wired.ts';

/** An app's registration, and the homes that a deployment to `where` goes to. */
export interface Registration {
  readonly environment: Environment;
  readonly residence: Residence;
  readonly homes: readonly HomeConfig[];
  /** The home that comes to the residence with this deployment, where the app has others already. */
  readonly arrives?: string;
}

export interface Looking {
  /** Whether homes are asked where nothing is remembered of an app; without, it counts as new. Default yes. */
  readonly look?: boolean;
}

/**
 * Where an app lives, or is going to: as remembered; else as found by looking, should the store have been lost;
 * else the environment's first home. Naming a home adds it to the residence at share 0 and off duty, unless it
 * is the app's very first one.
 */
export async function register(
  wired: Wired,
  app: string,
  where: Where,
  { look = true }: Looking = {},
): Promise<Registration | Failure> {
  const { environment } = where;
  const known = await wired.store.residence(app, environment.name);
  if (isFailure(known)) return known;
  const before = known?.homes ?? (look ? await lookAround(wired, app, environment) : []);
  if (isFailure(before)) return before;
  const named = where.home ?? (before.length === 0 ? firstHome(environment) : undefined);
  const homes = named ? withHome(before, named.name) : before;
  const residence = { app, environment: environment.name, homes };
  const targets = where.home ? [where.home] : environment.homes.filter(({ name }) => has(homes, name));
  const arrives = named && before.length > 0 && !has(before, named.name) ? { arrives: named.name } : {};
  if (targets.length > 0) return { environment, residence, homes: targets, ...arrives };
  return fail(
    'unknown-home',
    `${app} lives in homes of ${environment.name} that rehome.yaml does not name any more.`,
    {
      found: homes.map(({ home }) => home).join(', '),
      expected: environment.homes.map(({ name }) => name).join(', '),
    },
  );
}

function firstHome({ homes }: Environment): HomeConfig | undefined {
  return homes.find((home) => home.default) ?? homes[0];
}

function withHome(homes: readonly Residency[], home: string): readonly Residency[] {
  if (has(homes, home)) return homes;
  const first = homes.length === 0;
  return [...homes, { home, share: first ? 100 : 0, duty: first, phase: 'settled' }];
}

function has(homes: readonly Residency[], name: string): boolean {
  return homes.some(({ home }) => home === name);
}

/**
 * The platforms are the truth: an app that runs somewhere is registered there. A home that does not answer is passed
 * over, unless it has traffic of the app, or the environment is protected and it may have the app.
 */
async function lookAround(
  wired: Wired,
  app: string,
  environment: Environment,
): Promise<readonly Residency[] | Failure> {
  // With one home there is nothing to find out.
  if (environment.homes.length < 2) return [];
  const shares = await sharesOf(wired, app, environment);
  const inventories = await Promise.all(
    environment.homes.map((home) => inventoryOf(wired, environment, home)),
  );
  const found: { home: string; armed: boolean }[] = [];
  for (const [index, { name }] of environment.homes.entries()) {
    const residents = inventories[index] ?? [];
    if (isFailure(residents)) {
      if (environment.protected || (shares?.[name] ?? 0) > 0) return residents;
      continue;
    }
    const resident = residents.find((candidate) => candidate.app === app);
    if (resident) found.push({ home: name, armed: resident.armed === true });
  }
  return residencies(found, shares);
}

/** What runs in a home, seen there. */
export async function inventoryOf(
  wired: Wired,
  environment: Environment,
  config: HomeConfig,
): Promise<readonly Resident[] | Failure> {
  const connected = await wired.connect(environment, config);
  return isFailure(connected) ? connected : await connected.home.inventory();
}

/**
 * What is seen of an app's homes, as a residence: shares as the edge has them; on duty is the home whose crons are
 * armed, else the one with the most traffic, else the first.
 */
export function residencies(
  found: readonly { readonly home: string; readonly armed?: boolean }[],
  shares: Shares | undefined,
): readonly Residency[] {
  const seen = (home: string) => shares?.[home] ?? 0;
  const most = found.reduce((top, { home }) => Math.max(top, seen(home)), 0);
  const duty =
    found.find(({ armed }) => armed) ?? found.find(({ home }) => most > 0 && seen(home) === most) ?? found[0];
  // Traffic that goes where nothing runs has to go elsewhere.
  const whole = found.reduce((sum, { home }) => sum + seen(home), 0) === 100;
  return found.map((one) => ({
    home: one.home,
    share: whole ? seen(one.home) : one === duty ? 100 : 0,
    duty: one === duty,
    phase: 'settled',
  }));
}

/** As the edge splits an app's traffic now; undefined where there is none, or it does not answer. */
export async function sharesOf(
  wired: Wired,
  app: string,
  environment: Environment,
): Promise<Shares | undefined> {
  const edge = await wired.edgeOf(environment, { start: false });
  const shares = edge && !isFailure(edge) ? await edge.getShare(app) : undefined;
  return isFailure(shares) ? undefined : shares;
}
