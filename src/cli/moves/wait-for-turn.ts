import { setTimeout as sleep } from 'node:timers/promises';
import { exitCode, type Failure, isFailure } from '../../model/failure.ts';

const askAgainMs = 1_000;
/** Of a lock that somebody else holds. */
const heldExit = 5;

/** Begins something as soon as whoever holds its lock lets go of it; after `waitMs` it stays refused. */
export async function waitForTurn<Result>(
  begin: () => Promise<Result | Failure>,
  waitMs: number,
  now: () => number,
  signal: AbortSignal,
): Promise<Result | Failure> {
  const until = now() + waitMs;
  for (;;) {
    const result = await begin();
    if (!isFailure(result) || exitCode(result) !== heldExit) return result;
    const left = until - now();
    if (left <= 0 || signal.aborted) return result;
    await sleep(Math.min(askAgainMs, left), undefined, { signal }).catch(() => undefined);
  }
}
