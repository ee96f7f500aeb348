import { type Failure, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { SteerRequest } from '../../operations/operations.ts';
import { whereFlag } from '../arguments/known-flags.ts';
import type { Argument, Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wouldDo } from '../plans/would-do.ts';
import { returnableMove, runningMove } from './find-move.ts';
import { followMove } from './follow.ts';
import { moveExit } from './verdict.ts';

/** What all commands that say something to a move have in common. */
interface Steering extends Pick<Command, 'summary' | 'description' | 'examples'> {
  readonly what: SteerRequest['what'];
  /** In `VERB the move of hcn to k8s in test1`. */
  readonly verb: string;
}

const ownApp: Argument = {
  name: 'APP',
  summary: 'whose move; without it the only one that is under way there',
  required: false,
  complete: 'app',
};

/** A command that says one thing to the move of an app, and shows what comes of it. */
export function steering({ what, verb, ...words }: Steering): Command {
  return {
    name: `move ${what}`,
    ...words,
    args: [ownApp],
    flags: [{ ...whereFlag, summary: 'the environment', complete: 'environment' }],
    exits: what === 'pause' || what === 'approve' ? [5, 70] : [4, 5, 70],
    mutates: true,
    streams: true,
    run: (invocation) => steer(invocation, what, verb),
  };
}

async function steer(
  invocation: Invocation,
  what: SteerRequest['what'],
  verb: string,
): Promise<number | Failure> {
  const { args, flags, output } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const [word, environment] = [args['APP']?.[0], flags.text('environment') ?? ''];
  const find = what === 'back' ? returnableMove : runningMove;
  const move = await find(operations, { environment, ...(word === undefined ? {} : { word }) });
  if (isFailure(move)) return move;
  const { app, from, to } = move;
  const says = `${verb} the move of ${app} from ${from} to ${to} in ${environment}`;
  if (flags.on('dry-run')) return wouldDo(says, { move: move.move }, output);
  const refused = await confirm(invocation, operations, environment, says);
  if (refused) return refused;
  return followMove(
    invocation,
    (watch, signal) => operations.steerMove({ app, where: environment, what }, watch, signal),
    (ended) => steerExit(what, ended),
  );
}

/** What was asked for came true, or somebody who is alive took it up. */
export function steerExit(what: SteerRequest['what'], move: Move): number {
  if (what === 'back') return move.status === 'back' ? 0 : 70;
  if (move.status === 'running' && !move.failure) return 0;
  return moveExit(move, false);
}
