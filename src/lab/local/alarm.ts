/** Calls at a time that may change while it waits. */
export interface Alarm {
  /** To be called when the next time may be another one. */
  reconsider(): void;
  stop(): void;
}

/** Longer waits are cut, so that a clock that was set or a machine that slept is noticed within this time. */
const longestMs = 60_000;

/** Calls `ring` when the time that `next` names (ms since 1970) has come; undefined is never. */
export function createAlarm(next: () => number | undefined, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const reconsider = (): void => {
    clearTimeout(timer);
    const at = next();
    if (stopped || at === undefined) return;
    timer = setTimeout(wake, Math.max(1, Math.min(at - Date.now(), longestMs)));
  };
  const wake = (): void => {
    if (Date.now() >= (next() ?? Number.POSITIVE_INFINITY)) ring();
    reconsider();
  };
  return {
    reconsider,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
