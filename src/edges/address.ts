import { createHash } from 'node:crypto';
import { type Failure, fail } from '../model/failure.ts';
import type { Address, AddressBlock } from './edge.ts';

/**
 * The stable address for an app in an environment: a port that its name decides, or the next one that is not
 * taken. Deterministic, so that two machines that know the same addresses choose the same.
 * @param taken ports of other apps on this edge, in all its environments
 * Failure: `no-free-port`.
 */
export function chooseAddress(
  environment: string,
  app: string,
  taken: Iterable<number>,
  block: AddressBlock,
): Address | Failure {
  const used = new Set(taken);
  const places = block.size - 1;
  const start = createHash('sha256').update(`${environment}/${app}`).digest().readUInt32BE(0) % places;
  for (let step = 0; step < places; step++) {
    const port = block.first + 1 + ((start + step) % places);
    if (!used.has(port)) return { host: '127.0.0.1', port };
  }
  return fail('no-free-port', `All ${places} addresses of the edge are taken; ${app} has none.`);
}
