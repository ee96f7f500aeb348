import type { Action, Observation, SeenHome } from './move.ts';
import { wait } from './waiting.ts';

/** So long before the next tick of a cron nobody begins to change who runs it, ms; half of the time between two at most. */
const guardMs = 3_000;
/** So long after a tick it has begun, ms; a fifth of the time between two at most. */
const afterMs = 2_000;
/** So long what runs in the home that gives the duty up is waited for before it is disarmed, ms: then no tick falls between. */
const idleMs = 10 * 60_000;

/**
 * Duty from one home to the other: the old one is disarmed between two ticks, what runs there comes to its end, and
 * only then the new one is armed, before the next tick. Undefined where that is done.
 */
export function handOver(
  { duty, now, tick, marks }: Observation,
  { from, to }: { readonly from: SeenHome; readonly to: SeenHome },
): Action | undefined {
  const asleep = to.armed === false;
  if (duty === to.home && !asleep && !from.armed) return undefined;
  if (from.armed) {
    const soon = tick && tick.at - now < Math.min(guardMs, tick.everyMs / 2);
    if (soon) {
      const after = Math.min(afterMs, tick.everyMs / 5);
      return wait(`a cron is due in a moment; ${from.home} runs it`, tick.at + after);
    }
    const waits = from.running > 0 && now - (marks.stage?.since ?? 0) < idleMs;
    return waits
      ? wait(`a cron runs in ${from.home}; the duty changes when none does`)
      : { kind: 'disarm', home: from.home };
  }
  if (from.running > 0) {
    return wait(
      `${from.running} ${from.running === 1 ? 'run' : 'runs'} of a cron come to an end in ${from.home}`,
    );
  }
  return { kind: 'arm', home: to.home, why: `${to.home} goes on duty` };
}
