import type { Move } from '../../model/move.ts';
import type { FleetResult } from '../../operations/operations.ts';
import { failureDocument } from '../output/failure-text.ts';
import { advice } from './verdict.ts';

type Document = Readonly<Record<string, unknown>>;

/** A move as `--json` shows it. */
export function moveDocument(move: Move): Document {
  const { failure, ...rest } = move;
  return { ...rest, ...(failure ? { failure: failureDocument(failure) } : {}), next: advice(move) };
}

/** Several moves as `--json` shows them. */
export function fleetDocument({ moves, failures, left }: FleetResult): Document {
  const failed = Object.entries(failures).map(([app, failure]) => [app, failureDocument(failure)]);
  return { moves: moves.map(moveDocument), failures: Object.fromEntries(failed), left };
}
