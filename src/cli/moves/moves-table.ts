import type { Move } from '../../model/move.ts';
import { localTime } from '../output/local-time.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { harmless } from '../output/text-width.ts';
import type { Output } from '../output.ts';
import { marksFor } from '../progress/marks.ts';
import { timeText, wayText } from './way.ts';

const heading = ['MOVE', 'APP', 'ENV', 'WAY', 'STATUS', 'PHASE', 'SHARES', 'SINCE', 'NEXT', 'WHY'];

/** Moves one a line; those under way first, then the latest. */
export function movesTable(moves: readonly Move[], output: Output, now: number): string {
  if (moves.length === 0) return 'Nothing was moved yet.';
  const running = moves.filter(({ status }) => status === 'running');
  const over = moves.filter(({ status }) => status !== 'running');
  const rows = [...running, ...over].map((move) => row(move, output, now));
  const [first = '', ...lines] = table(heading, rows);
  return [output.dataStyle.dim(first), ...lines].join('\n');
}

/** `mesos 90 %, k8s 10 %` */
export function sharesText({ from, to, shares }: Move): string {
  const homes = [...new Set([from, to, ...Object.keys(shares)])];
  return homes.map((home) => `${harmless(home)} ${shares[home] ?? 0} %`).join(', ');
}

/** A move that says it runs, but that nobody carries on, is interrupted; in a soak nobody would see that it goes wrong. */
export function statusWord(move: Move, paint: Style): string {
  const { status, attended, paused, direction, phase } = move;
  if (status === 'done') return paint.green(status);
  if (status === 'back') return paint.yellow(status);
  if (status === 'abandoned') return paint.red(status);
  if (paused) return paint.yellow('paused');
  if (direction === 'back') return paint.yellow(attended ? 'going back' : 'interrupted');
  if (attended) return paint.cyan(status);
  return paint.yellow(phase === 'soak' ? 'unwatched' : 'interrupted');
}

function row(move: Move, output: Output, now: number): readonly string[] {
  return [
    move.move,
    output.dataStyle.bold(harmless(move.app)),
    harmless(move.environment),
    wayText(move, { marks: marksFor(output.unicode) }),
    statusWord(move, output.dataStyle),
    move.phase,
    sharesText(move),
    localTime(move.startedAt),
    timeText(move, now) || '-',
    harmless(move.why),
  ];
}
