import type { Backend } from '../edge.ts';
import { sameBackend } from '../same-backend.ts';
import type { Slot } from './model.ts';

/** A pool begins with so many server lines; more cost a reload, once. */
const atLeast = 4;

const free: Slot = { state: 'free' };

export function newSlots(count = atLeast): readonly Slot[] {
  return Array.from({ length: Math.max(count, atLeast) }, () => free);
}

/**
 * Puts these instances into the slots: those that are there stay where they are, those that left are out until
 * `release`, and new ones go to free slots, of which more are made where they do not suffice.
 * @param drained ids of instances that are to get nothing though they are there
 */
export function place(
  slots: readonly Slot[],
  backends: readonly Backend[],
  drained: ReadonlySet<string>,
): readonly Slot[] {
  const wanted = (slot: Slot) => backends.find((one) => slot.backend && sameBackend(one, slot.backend));
  const stateOf = ({ id }: Backend) => (drained.has(id) ? 'out' : 'ready');
  const kept = slots.map((slot): Slot => {
    if (!slot.backend) return free;
    const backend = wanted(slot);
    return backend ? { state: stateOf(backend), backend } : { state: 'out', backend: slot.backend };
  });
  const added = backends.filter((one) => !kept.some(({ backend }) => backend && sameBackend(backend, one)));
  const vacant = kept.filter(({ backend }) => !backend).length;
  const missing = added.length - vacant;
  const room = missing > 0 ? [...kept, ...newSlots(missing + Math.ceil(kept.length / 2))] : kept;
  const coming = [...added];
  return room.map((slot): Slot => {
    const next = slot.backend ? undefined : coming.shift();
    return next ? { state: stateOf(next), backend: next } : slot;
  });
}

/** What left is gone: its slot can be used again. */
export function release(slots: readonly Slot[], gone: readonly Backend[]): readonly Slot[] {
  return slots.map((slot) =>
    slot.state === 'out' && gone.some((one) => slot.backend && sameBackend(one, slot.backend)) ? free : slot,
  );
}
