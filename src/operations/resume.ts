import type { Deployment } from '../model/deployment.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { carryOn } from './carry-on.ts';
import { found } from './deploy.ts';
import type { Watch } from './operations.ts';
import type { Wired } from './wired.ts';

/** How often a running owner is asked whether it stopped yet, ms. */
const pollMs = 250;

/** Carries an interrupted deployment on in this process. */
export async function resume(
  wired: Wired,
  id: string,
  watch: Watch,
  signal: AbortSignal,
): Promise<Deployment | Failure> {
  const claim = await wired.store.claim(id, wired.owner);
  return isFailure(claim) ? claim : await carryOn(wired, claim, watch, signal);
}

/** Asks whoever carries it on to stop and undo; does so itself where nobody does. */
export async function cancel(
  wired: Wired,
  id: string,
  watch: Watch,
  signal: AbortSignal,
): Promise<Deployment | Failure> {
  const requested = await wired.store.requestCancel(id);
  if (requested) return requested;
  for (;;) {
    const deployment = await found(wired, id);
    if (isFailure(deployment) || deployment.status !== 'running' || signal.aborted) return deployment;
    if (!deployment.attended) {
      const claim = await wired.store.claim(id, wired.owner);
      if (!isFailure(claim)) return await carryOn(wired, claim, watch, signal);
      if (claim.code !== 'already-running') return claim;
    }
    await wired.host.clock.sleep(pollMs, signal);
  }
}
