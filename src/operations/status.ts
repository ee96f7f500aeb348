import type { Shares } from '../edges/edge.ts';
import { findWhere } from '../manifest/where.ts';
import type { Environment, HomeConfig } from '../manifest/workspace.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Residency } from '../model/residence.ts';
import type { AppStatus, HomeStatus } from './operations.ts';
import { residencies, sharesOf } from './residence.ts';
import { type RegisteredResident, residentsOf } from './residents.ts';
import type { Wired } from './wired.ts';

interface Query {
  readonly app?: string;
  readonly environment?: string;
}

/** What runs where, seen at the homes; a home that does not answer is a remark, not a failure. */
export async function status(
  wired: Wired,
  { app, environment }: Query,
): Promise<readonly AppStatus[] | Failure> {
  const where = environment === undefined ? undefined : findWhere(wired.workspace, environment);
  if (isFailure(where)) return where;
  const environments = where ? [where.environment] : Object.values(wired.workspace.environments);
  const all: AppStatus[] = [];
  for (const one of environments) {
    const homes = where?.home ? [where.home] : one.homes;
    const found = await statusOf(wired, one, homes);
    if (isFailure(found)) return found;
    all.push(...found);
  }
  return all.filter((one) => app === undefined || one.app === app);
}

async function statusOf(wired: Wired, environment: Environment, homes: readonly HomeConfig[]) {
  const byApp = new Map<string, HomeStatus[]>();
  const { silent, residents } = await lookAt(wired, environment, homes);
  for (const [app, found] of residents) {
    const shares = await sharesOf(wired, app, environment);
    for (const one of withResidency(found, shares)) add(byApp, app, seen(one, shares));
  }
  const residences = await wired.store.residences();
  if (isFailure(residences)) return residences;
  for (const { app, homes: remembered } of residences.filter((one) => one.environment === environment.name)) {
    const missing = remembered.filter(({ home }) => !byApp.get(app)?.some((one) => one.home === home));
    for (const one of missing.flatMap((residency) => unseen(homes, silent, residency))) add(byApp, app, one);
  }
  return await withDeployments(wired, environment, byApp);
}

interface Found {
  readonly config: HomeConfig;
  readonly resident: RegisteredResident;
}

async function lookAt(wired: Wired, environment: Environment, homes: readonly HomeConfig[]) {
  const residents = new Map<string, Found[]>();
  const silent: HomeConfig[] = [];
  for (const config of homes) {
    const there = await residentsOf(wired, environment, config);
    if (isFailure(there)) silent.push(config);
    else for (const resident of there) add(residents, resident.app, { config, resident });
  }
  return { silent, residents };
}

/** What the store knows nothing of is as it looks. */
function withResidency(found: readonly Found[], shares: Shares | undefined): readonly Found[] {
  if (found.some(({ resident }) => resident.residency)) return found;
  const armed = found.map(({ config: { name: home }, resident }) => ({ ...resident, home }));
  const guessed = residencies(armed, shares);
  return found.map(({ config, resident }) => {
    const residency = guessed.find(({ home }) => home === config.name);
    return { config, resident: residency ? { ...resident, residency } : resident };
  });
}

/** A home that should have the app, but does not show it. */
function unseen(
  homes: readonly HomeConfig[],
  silent: readonly HomeConfig[],
  { home, ...remembered }: Residency,
): HomeStatus[] {
  const config = homes.find(({ name }) => name === home);
  if (!config) return [];
  const remark = silent.includes(config) ? 'the home does not answer' : 'nothing runs there';
  return [
    {
      home,
      platform: config.platform,
      instances: { wanted: 0, running: 0, healthy: 0 },
      ...remembered,
      remark,
    },
  ];
}

function add<T>(byApp: Map<string, T[]>, app: string, one: T): void {
  byApp.set(app, [...(byApp.get(app) ?? []), one]);
}

/** The share is the edge's, where it tells; what is otherwise than remembered is said. */
function seen({ config: { name, platform }, resident }: Found, shares: Shares | undefined): HomeStatus {
  const { release, wanted, running, healthy, residency } = resident;
  // The store knows the app in another home only.
  const { share = 0, duty = false, phase = 'settled' } = residency ?? {};
  const real = shares ? (shares[name] ?? 0) : share;
  const remark = release ? notAsRemembered(resident, real) : 'not deployed by rehome';
  return {
    home: name,
    platform,
    ...(release ? { version: release.version } : {}),
    instances: { wanted, running, healthy },
    share: real,
    duty,
    phase,
    ...(remark ? { remark } : {}),
  };
}

/** Shares and duty change by moves only: whatever else did it is worth a look. */
function notAsRemembered({ residency, armed }: RegisteredResident, share: number): string | undefined {
  if (!residency) return undefined;
  if (Math.abs(residency.share - share) > 1e-6)
    return `${residency.share} % is remembered, the edge has ${share} %`;
  const moving = residency.phase !== 'settled';
  if (moving || armed === undefined || armed === residency.duty) return undefined;
  return armed ? 'off duty, and its crons are armed' : 'on duty, and its crons are disarmed';
}

async function withDeployments(
  wired: Wired,
  environment: Environment,
  byApp: ReadonlyMap<string, HomeStatus[]>,
) {
  const addresses = await wired.addresses(environment);
  if (isFailure(addresses)) return addresses;
  const running = await wired.store.deployments({ environment: environment.name, status: 'running' });
  if (isFailure(running)) return running;
  return [...byApp.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([app, homes]): AppStatus => {
      const deployment = running.find((one) => one.app === app);
      const port = addresses?.[app];
      return {
        app,
        environment: environment.name,
        homes,
        ...(port === undefined ? {} : { address: `http://127.0.0.1:${port}` }),
        ...(deployment ? { deployment: deployment.deployment } : {}),
        ...(deployment?.attended === false ? { interrupted: true } : {}),
      };
    });
}
