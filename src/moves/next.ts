import type { MovePhase } from '../model/move.ts';
import { back } from './back.ts';
import { forth } from './forth.ts';
import type { Action, Intent, Observation } from './move.ts';

/** An action with the phase of the move that it belongs to. */
export interface Next {
  readonly phase: MovePhase;
  readonly action: Action;
}

/**
 * What to do now, of what is wanted and what is seen, and of nothing else: whoever looks, whenever, after whatever
 * end of whoever did something before, comes to the same. One action at a time, and then a new look.
 */
export function next(intent: Intent, seen: Observation): Next {
  return intent.direction === 'back' ? back(intent, seen) : forth(intent, seen);
}
