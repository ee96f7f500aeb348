import type { Move } from '../../model/move.ts';
import { showDuration } from '../arguments/duration.ts';
import { failureText } from '../output/failure-text.ts';
import { localTime } from '../output/local-time.ts';
import { harmless } from '../output/text-width.ts';
import type { Output } from '../output.ts';
import { marksFor } from '../progress/marks.ts';
import { shareOf } from './way.ts';

/** The exit code that a move means which was begun or resumed, however far it came. */
export function moveExit(move: Move, detached: boolean): number {
  switch (move.status) {
    case 'done':
      return 0;
    case 'back':
      return 4;
    case 'abandoned':
      return 1;
    case 'running':
      return detached || soaks(move) ? 0 : 70;
  }
}

/** Nothing is left but that the old home stays warm for a while. */
export function soaks(move: Move): boolean {
  const { status, phase, direction, failure } = move;
  return status === 'running' && phase === 'soak' && direction === 'forth' && failure === undefined;
}

/** Tells people how a move ended: one line, and why and what to do where it did not go well. */
export function banner(move: Move, exit: number, output: Output): void {
  const { lineStyle: paint } = output;
  const marks = marksFor(output.unicode);
  const signs: Readonly<Record<number, string>> = {
    0: paint.green(marks.done),
    4: paint.yellow(marks.undone),
    70: paint.yellow('!'),
  };
  output.line(`${signs[exit] ?? paint.red(marks.failed)} ${paint.bold(sentence(move))}`);
  const { failure } = move;
  // Who stopped it knows why it stopped.
  if (failure && failure.code !== 'interrupted' && exit !== 0) output.line(failureText(failure, paint));
  for (const line of advice(move)) output.line(`  ${line}`);
}

/** `account lives in k8s now, test1 (3 min 5 s)` */
export function sentence(move: Move): string {
  const [app, from, to, where, why] = [move.app, move.from, move.to, move.environment, move.why].map(
    harmless,
  );
  switch (move.status) {
    case 'done':
      return `${app} lives in ${to} now, ${from} is dark (${where}${took(move)})`;
    case 'back':
      return `${app} is back in ${from} (${where}${took(move)}): ${why}`;
    case 'abandoned':
      return `the move of ${app} to ${to} in ${where} was abandoned: ${why}`;
    case 'running':
      return underWay(move);
  }
}

/** Steps to take, each a command; none where all is over. */
export function advice(move: Move): readonly string[] {
  const of = `${harmless(move.app)} -e ${harmless(move.environment)}`;
  if (move.status !== 'running') return [`rehome move report ${of} writes down how it went`];
  if (soaks(move)) return [`rehome move finish ${of} ends that now; rehome move back ${of} takes it home`];
  if (move.paused) return [`rehome move resume ${of} goes on; rehome move back ${of} takes it home`];
  if (move.attended || move.failure === undefined) return [`rehome move status ${of} tells how it goes`];
  return [`rehome move resume ${of} carries it on; rehome move back ${of} takes it home`];
}

function underWay(move: Move): string {
  const [app, from, to, where] = [move.app, move.from, move.to, move.environment].map(harmless);
  const at = `${move.phase}, ${shareOf(move)} %`;
  if (soaks(move)) {
    const until = move.nextAt === undefined ? '' : ` until ${localTime(move.nextAt)}`;
    return `${app} is in ${to} with everything, ${from} stays warm${until} (${where})`;
  }
  if (move.paused) return `the move of ${app} to ${to} in ${where} is paused at ${at}`;
  if (move.direction === 'back') return `${app} is on its way back to ${from} in ${where}`;
  if (move.attended || move.failure === undefined)
    return `${app} is on its way to ${to} in ${where}, at ${at}`;
  return `the move of ${app} to ${to} in ${where} stopped at ${at}`;
}

function took({ startedAt, finishedAt }: Move): string {
  if (finishedAt === undefined) return '';
  return `, ${showDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;
}
