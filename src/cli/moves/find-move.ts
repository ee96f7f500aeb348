import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { MovesQuery, Operations } from '../../operations/operations.ts';

export interface Wanted {
  /** An app; for those that only look also the id of a move. */
  readonly word?: string;
  readonly environment?: string;
}

/** The move under way that is meant: of the app, or the only one of the environment. */
export async function runningMove(operations: Operations, wanted: Wanted): Promise<Move | Failure> {
  const query = { ...queryFor(wanted), running: true };
  const moves = await operations.moves(query);
  if (isFailure(moves)) return moves;
  const [move, another] = moves;
  if (!move)
    return fail('no-such-move', `No move ${about(wanted)} is under way.`, { hint: 'rehome move status' });
  if (!another) return move;
  const apps = [...new Set(moves.map(({ app }) => app))];
  return fail('usage', `Several moves ${about(wanted)} are under way.`, {
    found: moves.map(({ app, environment }) => `${app} in ${environment}`).join(', '),
    expected: `one of them: ${apps.join(', ')}`,
  });
}

/** The move that can be taken back: the one under way, else the latest one, where that has come to its end. */
export async function returnableMove(operations: Operations, wanted: Wanted): Promise<Move | Failure> {
  const running = await runningMove(operations, wanted);
  if (!isFailure(running) || running.code !== 'no-such-move' || wanted.word === undefined) return running;
  const latest = await latestMove(operations, wanted);
  return isFailure(latest) || latest.status === 'done' ? latest : running;
}

/** The move that is meant: by its id, or the latest of the app, or of all. One under way goes before all others. */
export async function latestMove(operations: Operations, wanted: Wanted): Promise<Move | Failure> {
  const { word, environment } = wanted;
  const all = await operations.moves(environment === undefined ? {} : { environment });
  if (isFailure(all)) return all;
  const byId = all.find(({ move }) => move === word);
  const own = all.filter(({ app }) => word === undefined || app === word);
  const found = byId ?? own.find(({ status }) => status === 'running') ?? own[0];
  return found ?? fail('no-such-move', `There was no move ${about(wanted)}.`, { hint: 'rehome move status' });
}

function queryFor({ word, environment }: Wanted): MovesQuery {
  return {
    ...(word === undefined ? {} : { app: word }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** `of hcn in test1` */
function about({ word, environment }: Wanted): string {
  const parts = [
    ...(word === undefined ? [] : [`of ${word}`]),
    ...(environment === undefined ? [] : [`in ${environment}`]),
  ];
  return parts.join(' ') || 'at all';
}
