import { handOver } from './hand-over.ts';
import type { Action, Intent, Observation, SeenHome } from './move.ts';
import type { Next } from './next.ts';
import { adapt, obstacle, progressOf, sharesAt, wait } from './waiting.ts';

/** The way home: the traffic first, at once; then the duty; then what the homes need for that no more. */
export function back(_intent: Intent, seen: Observation): Next {
  const { from, to, duty } = seen;
  const gone = nothingThere(seen);
  if (gone) return { phase: 'share', action: gone };
  const traffic = progressOf(seen) > 0 ? takeTraffic(seen) : undefined;
  if (traffic) return { phase: 'share', action: traffic };
  if (duty !== from.home || to.armed || from.armed === false) {
    const action = obstacle(seen, from, to) ?? handOver(seen, { from: to, to: from });
    if (action) return { phase: 'duty', action };
  }
  const rest = fit(seen, from) ?? fit(seen, to);
  // Its crons may be asleep since somebody began to change the duty.
  const unknown = from.silent ? obstacle({ ...seen, busy: '' }, from) : undefined;
  const settle = { kind: 'settle', status: 'back', why: `${from.home} has everything again` } as const;
  return { phase: 'arrive', action: rest ?? unknown ?? settle };
}

/**
 * A home that keeps warm can take it without further ado: neither a deployment under way nor a home that does not
 * answer is in the way of the edge. Only where what runs there cannot do the work of a home with traffic (its queues
 * are others), it is made ready first.
 */
function takeTraffic(seen: Observation): Action {
  const { from, to, duty, busy } = seen;
  const shares = sharesAt(seen, 0);
  const ready =
    from.release && !from.silent
      ? adapt(from, from.release.version, shares[from.home] ?? 0, duty === from.home)
      : undefined;
  if (ready && busy) return wait(busy);
  return ready ?? { kind: 'share', shares, why: `all to ${from.home}, nothing to ${to.home}` };
}

/** A home that was given up meanwhile can take nothing back: whoever has it keeps it. */
function nothingThere({ from }: Observation): Action | undefined {
  if (from.release || from.silent) return undefined;
  return wait(`nothing runs in ${from.home}; rehome retire --undo brings it back`);
}

/** A home that is away, or where nothing is, is left as it is: it has neither traffic nor duty. */
function fit(seen: Observation, home: SeenHome): Action | undefined {
  const { shares, duty, busy } = seen;
  if (home.silent || !home.release) return undefined;
  const action = adapt(home, home.release.version, shares[home.home] ?? 0, duty === home.home);
  return action && busy ? wait(busy) : action;
}
