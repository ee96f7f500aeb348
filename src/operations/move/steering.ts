import { isFailure } from '../../model/failure.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { Wired } from '../wired.ts';

/** How often it is looked whether an operator said something, ms: `back` is to be in force at once. */
const listenMs = 40;

/** Resolves after so many ms, or as soon as an operator says something to the move, or `signal` aborts. */
export async function untilSteered(
  wired: Wired,
  begun: BegunMove,
  forMs: number,
  signal: AbortSignal,
): Promise<void> {
  // What was slept is counted: somebody may set the clock meanwhile.
  for (let left = forMs; left > 0 && !signal.aborted; left -= listenMs) {
    await wired.host.clock.sleep(Math.min(listenMs, left), signal);
    if (await isNew(wired, begun)) return;
  }
}

async function isNew({ store }: Wired, begun: BegunMove): Promise<boolean> {
  const now = await store.begunMove(begun.move);
  if (isFailure(now)) return true;
  return (['direction', 'paused', 'finish', 'approved'] as const).some((word) => now[word] !== begun[word]);
}

/** Aborts when the move is sent back while something of the way there goes on, or when `signal` does. */
export function steered(
  wired: Wired,
  begun: BegunMove,
  signal: AbortSignal,
): { readonly signal: AbortSignal; stop(): void } {
  const turned = new AbortController();
  const done = new AbortController();
  const listen = async (): Promise<void> => {
    while (!done.signal.aborted && !signal.aborted) {
      await wired.host.clock.sleep(listenMs, done.signal);
      const now = await wired.store.begunMove(begun.move);
      if (!isFailure(now) && now.direction !== begun.direction) return turned.abort();
    }
  };
  void listen();
  return { signal: AbortSignal.any([signal, turned.signal]), stop: () => done.abort() };
}
