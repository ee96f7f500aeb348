import type { Failure } from '../model/failure.ts';
import type { Move, MoveEvent, MovePhase, MovePlan, MoveStatus } from '../model/move.ts';
import type { Residency } from '../model/residence.ts';
import type { Owner } from './store.ts';

/**
 * The memory of moves: what is intended, how far it came, what was done. As with deployments, whoever carries one on
 * writes fenced by the token of its claim; what an operator says to it (`steer`) may be written by anybody.
 * Failures: `store-unusable`, and what a method names.
 */
export interface MoveStore {
  /** One runs at a time per app and environment: `move-running` names it. */
  beginMove(start: MoveStart): Promise<MoveClaim | Failure>;
  /** Takes over a running move whose owner is gone. `already-running`, `not-resumable`, `no-such-move`. */
  claimMove(move: string, owner: Owner): Promise<MoveClaim | Failure>;
  /** Writes how far it is, and where given the residence it has led to, together. `lock-lost`. */
  recordMove(
    claim: MoveClaim,
    state: MoveState,
    residence?: readonly Residency[],
  ): Promise<undefined | Failure>;
  /** From here on it goes back. `lock-lost`. */
  turnMove(claim: MoveClaim, why: string, failure?: Failure): Promise<undefined | Failure>;
  /** Ends it, and gives back the app's lock if it has it. `lock-lost`; `refused` when it is to be done and was sent back. */
  finishMove(claim: MoveClaim, end: MoveEnd, residence?: readonly Residency[]): Promise<undefined | Failure>;
  /** Leaves it to whoever claims it next; the app's lock stays with it. */
  abandonMove(claim: MoveClaim): Promise<undefined | Failure>;
  /** What an operator says to it. A move that is done can still be sent back. `not-resumable`, `no-such-move`. */
  steerMove(move: string, steering: Partial<Steering>): Promise<undefined | Failure>;
  /** Takes the app's lock, so that no deployment works on it meanwhile; the move's own is no obstacle. `lock-held`. */
  lockForMove(claim: MoveClaim): Promise<undefined | Failure>;
  unlockForMove(claim: MoveClaim): Promise<undefined | Failure>;
  move(id: string): Promise<Move | undefined | Failure>;
  /** Latest first. */
  moves(filter: MoveFilter): Promise<readonly Move[] | Failure>;
  /** For carrying it on. `no-such-move`. */
  begunMove(id: string): Promise<BegunMove | Failure>;
  recordMoveEvent(move: string, event: MoveEvent): Promise<undefined | Failure>;
  /** All that was recorded, in order. */
  moveEvents(move: string): Promise<readonly MoveEvent[] | Failure>;
}

export interface MoveStart {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly plan: MovePlan;
  readonly shares: Readonly<Record<string, number>>;
  readonly holder: string;
  /** Undefined: begin it for a worker to claim. */
  readonly owner?: Owner;
}

/** The right to carry a move on; see `Claim`. */
export interface MoveClaim {
  readonly move: string;
  readonly token: number;
}

/** How far a move is. */
export interface MoveState {
  readonly phase: MovePhase;
  readonly why: string;
  readonly shares: Readonly<Record<string, number>>;
  readonly nextAt?: string;
  /** What whoever carries it on has to remember beyond what can be seen; plain JSON. */
  readonly marks: Readonly<Record<string, unknown>>;
}

export interface MoveEnd {
  readonly status: Exclude<MoveStatus, 'running'>;
  readonly why: string;
  readonly shares: Readonly<Record<string, number>>;
}

/** What an operator wants of a running move. */
export interface Steering {
  readonly direction: Move['direction'];
  readonly paused: boolean;
  /** Ends the soak. */
  readonly finish: boolean;
  /** Stages that somebody said yes to, in percent. */
  readonly approved: number;
}

export interface BegunMove extends Move, Steering {
  readonly marks: Readonly<Record<string, unknown>>;
}

export interface MoveFilter {
  readonly app?: string;
  readonly environment?: string;
  readonly status?: MoveStatus;
  readonly limit?: number;
}
