import { type Failure, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { moveDocument } from '../moves/document.ts';
import { latestMove } from '../moves/find-move.ts';
import { movesTable } from '../moves/moves-table.ts';
import { storyDocument, storyText } from '../moves/story-text.ts';

const mostMoves = 30;

export const command: Command = {
  name: 'move status',
  summary: 'show how far moves are, or all about the move of one app',
  args: [
    {
      name: 'APP',
      summary: 'the whole story of its move; also by the id of a move',
      required: false,
      complete: 'app',
    },
  ],
  flags: [filterFlag],
  examples: [
    ['rehome move status', 'every move, those under way first'],
    ['rehome move status account -e test1', 'phases, actions and verdicts of the gate'],
  ],
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output, now } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const [word, environment] = [args['APP']?.[0], flags.text('environment')];
  const where = environment === undefined ? {} : { environment };
  if (word !== undefined) return one(operations, invocation, { word, ...where });
  const all = await operations.moves(where);
  if (isFailure(all)) return all;
  const running = all.filter(({ status }) => status === 'running').length;
  const moves = all
    .toSorted((a, b) => rank(a.status) - rank(b.status))
    .slice(0, Math.max(mostMoves, running));
  output.document({ moves: moves.map(moveDocument) });
  output.data(movesTable(moves, output, now()));
  return 0;
}

async function one(
  operations: Operations,
  { output, now }: Invocation,
  wanted: { readonly word: string; readonly environment?: string },
): Promise<number | Failure> {
  const move = await latestMove(operations, wanted);
  if (isFailure(move)) return move;
  const events = await operations.moveEvents(move.move);
  if (isFailure(events)) return events;
  output.document({ ...moveDocument(move), ...storyDocument(move, events) });
  output.data(storyText(move, events, output, now()));
  return 0;
}

function rank(status: string): number {
  return status === 'running' ? 0 : 1;
}
