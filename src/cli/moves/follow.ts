import { exitCode, type Failure, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { FleetResult, WatchMove } from '../../operations/operations.ts';
import { counted } from '../../report/words.ts';
import type { Invocation } from '../command.ts';
import { gravest } from '../deployments/verdict.ts';
import { failureText } from '../output/failure-text.ts';
import { fleetDocument, moveDocument } from './document.ts';
import { type MovesProgress, movesProgress } from './progress.ts';
import { banner, moveExit } from './verdict.ts';

/** Begins a move, or says something to one. */
export type BeginMove<Result> = (watch: WatchMove, signal: AbortSignal) => Promise<Result | Failure>;

/** Shows one move as far as this process carries it, and tells how far that was. `exitOf` judges the end. */
export async function followMove(
  invocation: Invocation,
  begin: BeginMove<Move>,
  exitOf: (move: Move) => number,
  after: (moves: readonly Move[]) => Promise<undefined | Failure> = async () => undefined,
): Promise<number | Failure> {
  const { output } = invocation;
  const shown = movesProgress(output, { now: invocation.now });
  const move = await begin(shown.watch, invocation.signal).finally(() => shown.close());
  if (isFailure(move)) return move;
  const document = moveDocument(move);
  output.document(document);
  output.event({ type: 'end', ...document });
  const exit = exitOf(move);
  banner(move, exit, output);
  tellCounted(invocation, shown);
  return (await after([move])) ?? exit;
}

export interface FleetOptions {
  readonly title: string;
  readonly expected?: number;
  readonly detached: boolean;
}

/** Shows several moves until all are over or none is begun any more. */
export async function followFleet(
  invocation: Invocation,
  begin: BeginMove<FleetResult>,
  { title, expected, detached }: FleetOptions,
  after: (moves: readonly Move[]) => Promise<undefined | Failure>,
): Promise<number | Failure> {
  const { output, now } = invocation;
  const shown = movesProgress(output, { now, title, ...(expected === undefined ? {} : { expected }) });
  const result = await begin(shown.watch, invocation.signal).finally(() => shown.close());
  if (isFailure(result)) return result;
  const document = fleetDocument(result);
  output.document(document);
  output.event({ type: 'end', ...document });
  const exit = tellFleet(invocation, title, result, detached);
  tellCounted(invocation, shown);
  return (await after(result.moves)) ?? exit;
}

function tellFleet(invocation: Invocation, title: string, result: FleetResult, detached: boolean): number {
  const { output } = invocation;
  const { moves, failures, left } = result;
  const exits = moves.map((move) => moveExit(move, detached));
  for (const [index, move] of moves.entries()) {
    const exit = exits[index] ?? 0;
    if (exit !== 0) banner(move, exit, output);
  }
  for (const failure of Object.values(failures)) output.line(failureText(failure, output.lineStyle));
  if (left.length > 0) output.line(`not begun any more: ${left.join(', ')}`);
  const good = exits.filter((exit) => exit === 0).length;
  const bad = moves.length - good + Object.keys(failures).length;
  const verb = detached ? 'on the way' : 'done';
  output.line(
    output.lineStyle.bold(`${title}: ${counted(good, 'move')} ${verb}${bad > 0 ? `, ${bad} not` : ''}`),
  );
  return gravest([...exits, ...Object.values(failures).map(exitCode)]);
}

/** What was seen of users meanwhile. */
function tellCounted({ output }: Invocation, shown: MovesProgress): void {
  const all = [...shown.view().values()].map((each) => each.counted);
  const requests = all.reduce((sum, each) => sum + each.requests, 0);
  const errors = all.reduce((sum, each) => sum + each.errors, 0);
  if (requests > 0)
    output.line(`  ${counted(requests, 'request')} seen meanwhile, ${counted(errors, 'error')}`);
}
