import { chooseAddress } from '../edges/address.ts';
import type { AddressBlock } from '../edges/edge.ts';
import type { Workspace } from '../manifest/workspace.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Store } from '../store/store.ts';
import type { Addresses } from './wired.ts';

/**
 * The stable port of every app of an environment on its edge. What was recorded once is kept for good; the others
 * get the port that their name decides, or the next one that nobody has. So a plan shows the very addresses that
 * the deployment after it records. Fails with `no-free-port`.
 */
export async function addressesOf(
  store: Store,
  workspace: Workspace,
  environment: string,
  block: AddressBlock,
): Promise<Addresses | Failure> {
  const taken = new Set<number>();
  const known = new Map<string, Addresses>();
  for (const name of Object.keys(workspace.environments)) {
    const recorded = await store.addresses(name);
    if (isFailure(recorded)) return recorded;
    for (const port of Object.values(recorded)) taken.add(port);
    known.set(name, recorded);
  }
  for (const name of Object.keys(workspace.environments).sort()) {
    const addresses = allot(name, Object.keys(workspace.manifests), known.get(name) ?? {}, taken, block);
    if (isFailure(addresses) || name === environment) return addresses;
  }
  return {};
}

function allot(
  environment: string,
  apps: readonly string[],
  recorded: Addresses,
  taken: Set<number>,
  block: AddressBlock,
): Addresses | Failure {
  const addresses: Record<string, number> = { ...recorded };
  for (const app of [...apps].sort()) {
    if (addresses[app] !== undefined) continue;
    const address = chooseAddress(environment, app, taken, block);
    if (isFailure(address)) return address;
    taken.add(address.port);
    addresses[app] = address.port;
  }
  return addresses;
}
