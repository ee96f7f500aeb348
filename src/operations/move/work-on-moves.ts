import { type Failure, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { Wired } from '../wired.ts';
import type { WorkRequest } from '../work.ts';
import { carryOn } from './carry.ts';

/** The moves that a worker carries on. */
export interface WorkOnMoves {
  /** Takes up those that nobody carries on. `store-unusable`. */
  begin(): Promise<undefined | Failure>;
  /** Nothing is under way, and nothing is left that is due. */
  idle(): boolean;
  /** Resolves when all have been left to whoever comes next. */
  end(): Promise<void>;
}

/** A move that ended with a failure of this process is tried again after this time, ms. */
const retryMs = 15_000;

export function workOnMoves(
  wired: Wired,
  { once, only, watchMove }: WorkRequest,
  signal: AbortSignal,
): WorkOnMoves {
  const under = new Map<string, Promise<unknown>>();
  const notBefore = new Map<string, number>();
  // Who works once does not sit through a soak, unless that very move was asked for.
  const patience = once && only === undefined ? { patienceMs: 0 } : {};
  const watch = watchMove ?? (() => undefined);

  const carry = async ({ move }: Move): Promise<void> => {
    const claim = await wired.store.claimMove(move, wired.owner);
    const result = isFailure(claim) ? claim : await carryOn(wired, claim, { watch, signal, ...patience });
    const wait = isFailure(result) ? retryMs : once ? Number.POSITIVE_INFINITY : 0;
    notBefore.set(move, wired.host.clock.now() + wait);
    under.delete(move);
  };

  /** Who is to carry on one move stays until that is over. */
  const isTriedAgain = () =>
    [...notBefore.values()].some((at) => at > wired.host.clock.now() && Number.isFinite(at));

  return {
    async begin() {
      const running = await wired.store.moves({ status: 'running' });
      if (isFailure(running)) return running;
      for (const one of running) {
        const wanted = !one.attended && (only ?? one.move) === one.move;
        const due = (notBefore.get(one.move) ?? 0) <= wired.host.clock.now();
        if (wanted && due && !under.has(one.move)) under.set(one.move, carry(one));
      }
      return undefined;
    },
    idle: () => under.size === 0 && !(only !== undefined && isTriedAgain()),
    async end() {
      await Promise.all(under.values());
    },
  };
}
