import type { Environment } from '../manifest/workspace.ts';
import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Residence } from '../model/residence.ts';
import type { Target } from '../platforms/platform.ts';
import { neighbour } from '../process/neighbours.ts';
import type { Addresses, PlatformHome, Wired } from './wired.ts';

/** What is known of an environment around one home: which apps live where, and their ports on the edge. */
export interface Around {
  readonly residences: readonly Residence[];
  /** Undefined without an edge. */
  readonly ports: Addresses | undefined;
}

/** @param pending a residence as it will be, where it is not remembered yet */
export async function aroundOf(
  wired: Wired,
  environment: Environment,
  pending?: Residence,
): Promise<Around | Failure> {
  const ports = await wired.addresses(environment);
  if (isFailure(ports)) return ports;
  const remembered = await wired.store.residences();
  if (isFailure(remembered)) return remembered;
  const own = remembered.filter((one) => one.environment === environment.name && one.app !== pending?.app);
  return { residences: pending ? [...own, pending] : own, ports };
}

/** A home with the ports of those apps that live in another one. */
export function targetAround({ target }: PlatformHome, { residences, ports = {} }: Around): Target {
  const elsewhere = residences.flatMap(({ app, homes }) => {
    const port = homes.some(({ home }) => home !== target.home) ? ports[app] : undefined;
    return port === undefined ? [] : [[app, port] as const];
  });
  return elsewhere.length === 0 ? target : { ...target, elsewhere: Object.fromEntries(elsewhere) };
}

/** Where apps of a home call the others: the home's own names, else their ports on the edge. */
export function addressesIn(
  { platform, target }: PlatformHome,
  apps: readonly string[],
  { ports }: Around,
): Readonly<Record<string, string | number>> | undefined {
  const addresses = apps.flatMap((app) => {
    const address = platform.addressOf?.(app, target) ?? ports?.[app];
    return address === undefined ? [] : [[app, address] as const];
  });
  return addresses.length === 0 && !ports ? undefined : Object.fromEntries(addresses);
}

/** The apps that an app uses and that live elsewhere only: a home with names of its own has to know theirs. */
export function neighboursOf(
  app: App,
  { platform, target }: PlatformHome,
  { residences }: Around,
): readonly App[] {
  if (!platform.addressOf) return [];
  const livesHere = (name: string) =>
    residences.some((one) => one.app === name && one.homes.some(({ home }) => home === target.home));
  return app.uses
    .filter((name) => name !== app.name && target.elsewhere?.[name] !== undefined && !livesHere(name))
    .map((name) => neighbour(name, app));
}
