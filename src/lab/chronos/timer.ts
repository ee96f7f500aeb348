import type { Clock } from '../../host/host.ts';

/** Wakes at a time, which may change while it waits. */
export interface Timer {
  /** To be called when the next time may be another one. */
  reconsider(): void;
  stop(): void;
}

/** Longer sleeps are cut: a timer of this machine reaches 24 days only, and its clock may be set meanwhile. */
export const longestSleepMs = 3_600_000;

/** After something went wrong, say on a full disk, it is tried again so much later. */
const pauseMs = 1000;

interface TimerOptions {
  readonly clock: Clock;
  /** ms since 1970; undefined: there is nothing to wait for. */
  readonly next: () => number | undefined;
  readonly fire: () => void;
  readonly onBug: (error: unknown) => void;
}

/** Calls `fire` whenever the time that `next` names has come. */
export function startTimer({ clock, next, fire, onBug }: TimerOptions): Timer {
  let stopped = false;
  let wake = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped) {
      wake = new AbortController();
      const due = next();
      if (due === undefined) await aborted(wake.signal);
      else if (due > clock.now()) await clock.sleep(Math.min(due - clock.now(), longestSleepMs), wake.signal);
      else if (!attempt(fire, onBug)) await clock.sleep(pauseMs, wake.signal);
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

function attempt(fire: () => void, onBug: (error: unknown) => void): boolean {
  try {
    fire();
    return true;
  } catch (error) {
    onBug(error);
    return false;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
