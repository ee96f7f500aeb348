import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Work } from './engine.ts';

/** Why a running deployment is to stop, and the signal that steps listen to. */
export interface Stop {
  readonly signal: AbortSignal;
  reason(): 'interrupt' | 'cancel' | undefined;
  /** Looks at once whether somebody asked to cancel; otherwise that is seen within half a second. */
  check(): Promise<Failure | undefined>;
  /** From now on only an interrupt stops: undoing is not cancelled. */
  goBack(): void;
  close(): void;
}

const cancelPollMs = 500;

export function watchForStop({ begun, context, signal }: Work): Stop {
  const { store, host } = context;
  const closed = new AbortController();
  const cancel = new AbortController();
  let goingBack = begun.failure !== undefined;

  async function look(): Promise<void> {
    if (goingBack || cancel.signal.aborted) return;
    const requested = await store.cancelRequested(begun.id);
    if (!isFailure(requested) && requested) cancel.abort();
  }
  async function poll(): Promise<void> {
    while (!closed.signal.aborted && !goingBack) {
      await host.clock.sleep(cancelPollMs, closed.signal);
      if (!closed.signal.aborted) await look();
    }
  }
  void poll();

  return {
    get signal() {
      return goingBack ? signal : AbortSignal.any([signal, cancel.signal]);
    },
    reason() {
      if (signal.aborted) return 'interrupt';
      return cancel.signal.aborted && !goingBack ? 'cancel' : undefined;
    },
    async check() {
      if (signal.aborted) return fail('interrupted', 'Stopped on request.');
      await look();
      return cancel.signal.aborted ? cancelled() : undefined;
    },
    goBack() {
      goingBack = true;
    },
    close: () => closed.abort(),
  };
}

export function cancelled(): Failure {
  return fail('cancelled', 'The deployment was cancelled.');
}
