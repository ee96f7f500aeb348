import type { HomeConfig } from '../../manifest/workspace.ts';
import type { App } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Condition } from '../../model/retirement.ts';
import type { Endpoint } from '../../platforms/platform.ts';
import { runs } from '../../process/previous.ts';
import { names, type Removal } from '../../process/retire/removal.ts';
import type { Wired } from '../wired.ts';
import type { RetirePlace } from './place.ts';

/** How long a home may take to say where the instances of an app are, ms. */
const lookMs = 5_000;

/**
 * Apps of the environment that would call into the void: those that have the address of an instance there in their
 * env, and those of the same home that call the app by the home's own name, where that name cannot lead to the edge.
 */
export async function noCallers(wired: Wired, place: RetirePlace, removal: Removal): Promise<Condition> {
  const stranded = strandedIn(place, removal);
  if (stranded) return stranded;
  const instances = await instancesIn(place);
  if (isFailure(instances)) return unmet(`where its instances are cannot be told: ${instances.message}`);
  const addresses = instances.flatMap(spellings);
  const found = await Promise.all(
    place.environment.homes.map((config) => pointingFrom(wired, place, config, addresses)),
  );
  const failure = found.find(isFailure);
  if (failure) return unmet(`whether an app points at it cannot be told: ${failure.message}`);
  const pointing = found.flatMap((one) => (isFailure(one) ? [] : one));
  if (pointing.length === 0) return { name: 'callers', met: true, found: told(removal.callers) };
  return unmet(pointing.join('; '), 'let it call the address on the edge: `uses:` in its manifest gives it');
}

function told(callers: readonly string[]): string {
  if (callers.length === 0) return 'no other app points at it';
  return `${callers.join(', ')} there reach it at the edge from then on`;
}

/** The home has names of its own, and none for what lives elsewhere. */
function strandedIn(
  { platform, target, own, name }: RetirePlace,
  { callers }: Removal,
): Condition | undefined {
  const address = platform.addressOf?.(own.name, target);
  if (callers.length === 0 || address === undefined) return undefined;
  const { objects, notes } = platform.compile(own, target);
  if (objects.length > 0) return undefined;
  const found = `${callers.join(', ')} in ${name} calls ${address}, which would lead nowhere`;
  return unmet(found, notes.find(({ hint }) => hint)?.hint);
}

async function instancesIn({ platform, home, own }: RetirePlace): Promise<readonly Endpoint[] | Failure> {
  if (!platform.capabilities.endpoints) return [];
  const stop = AbortSignal.timeout(lookMs);
  for await (const endpoints of home.endpoints(own.name, stop)) return endpoints;
  return [];
}

/** As an env may have it. */
function spellings({ host, port }: Endpoint): readonly string[] {
  const both = host === '127.0.0.1' ? [host, 'localhost'] : [host];
  return both.map((one) => `${one}:${port}`);
}

/** A home that nobody has moved to yet need not be there: nothing in it can point anywhere. */
async function isInhabited({ store }: Wired, environment: string, home: string): Promise<boolean> {
  const residences = await store.residences();
  if (isFailure(residences)) return true;
  const own = residences.filter((one) => one.environment === environment);
  return own.some(({ homes }) => homes.some((one) => one.home === home));
}

async function pointingFrom(
  wired: Wired,
  { environment, own }: RetirePlace,
  config: HomeConfig,
  addresses: readonly string[],
): Promise<readonly string[] | Failure> {
  if (addresses.length === 0) return [];
  const connected = await wired.connect(environment, config);
  const objects = isFailure(connected) ? connected : await connected.home.observe({});
  if (isFailure(connected) || isFailure(objects)) {
    const inhabited = await isInhabited(wired, environment.name, config.name);
    return inhabited ? ([connected, objects].find(isFailure) ?? []) : [];
  }
  const others = connected.platform
    .read(objects, connected.target)
    .apps.filter((app) => app.name !== own.name);
  return others.filter(runs).flatMap((app) => {
    const address = addresses.find((one) => names(app, one));
    if (address === undefined) return [];
    return [
      `${app.name} in ${config.name} has ${address} in its env (${variableOf(app, address)}), an instance there`,
    ];
  });
}

function variableOf({ services, crons }: App, address: string): string {
  const pairs = [...services, ...crons].flatMap(({ env }) => Object.entries(env));
  return pairs.find(([, value]) => typeof value === 'string' && value.includes(address))?.[0] ?? '?';
}

function unmet(found: string, hint?: string): Condition {
  return { name: 'callers', met: false, found, ...(hint ? { hint } : {}) };
}
