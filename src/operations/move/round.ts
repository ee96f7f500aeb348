import type { Failure } from '../../model/failure.ts';
import type { BegunMove, MoveClaim } from '../../store/moves.ts';
import type { WatchMove } from '../operations.ts';
import type { Wired } from '../wired.ts';
import type { Checked } from './checks.ts';
import type { Teller } from './teller.ts';

export interface Carrying {
  readonly watch: WatchMove;
  readonly signal: AbortSignal;
  /** A soak that lasts longer than this is left to a worker, ms; without it, carried on to the end. */
  readonly patienceMs?: number;
}

/** One look and one action. */
export interface Round {
  readonly wired: Wired;
  readonly claim: MoveClaim;
  readonly begun: BegunMove;
  readonly tell: Teller;
  readonly carrying: Carrying;
  readonly memory: Memory;
}

/** What this process remembers from round to round; whoever comes next can do without. */
export interface Memory {
  /** The deployment that was done last: one that changes nothing must not be made again and again. */
  deployment: string;
  /** The crons are disarmed in one home, and not yet armed in the other. */
  handingOver: boolean;
  /** What the checks of the stage said. */
  readonly checks: Map<string, Checked>;
}

export function newMemory(): Memory {
  return { deployment: '', handingOver: false, checks: new Map() };
}

/** How often everything is looked at while nothing is to be done, ms. */
export const lookMs = 1_000;
/** How long after something went wrong it is tried again, ms. */
export const retryMs = 5_000;

/** Nothing can be written down any more, or somebody else goes on. */
export const fatal: readonly Failure['code'][] = ['store-unusable', 'lock-lost', 'no-such-move'];
/** These pass by themselves. */
export const patient: readonly Failure['code'][] = [
  'lock-held',
  'held-by-move',
  'unreachable',
  'server-error',
  'edge-not-running',
  'lab-not-running',
  'refused',
  'share-differs',
];
