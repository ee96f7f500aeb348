import type { Clock } from '../../host/host.ts';

/** Wakes at a time, which may change while it waits. */
export interface Timer {
  /** To be called when the next time may be another one. */
  reconsider(): void;
  stop(): void;
}

/** Longer sleeps are cut: a timer of this machine reaches 24 days only, and its clock may be set meanwhile. */
const longestSleepMs = 3_600_000;

/** Calls `fire` whenever the time that `next` names (ms since 1970, undefined: none) has come. */
export function startTimer(clock: Clock, next: () => number | undefined, fire: () => void): Timer {
  let stopped = false;
  let wake = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped) {
      const due = next();
      if (due !== undefined && due <= clock.now()) {
        fire();
        continue;
      }
      wake = new AbortController();
      const wait = due === undefined ? untilAborted(wake.signal) : napUntil(clock, due, wake.signal);
      await wait;
    }
  };
  void run();
  return {
    reconsider: () => wake.abort(),
    stop() {
      stopped = true;
      wake.abort();
    },
  };
}

function napUntil(clock: Clock, due: number, signal: AbortSignal): Promise<void> {
  return clock.sleep(Math.min(due - clock.now(), longestSleepMs), signal);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
