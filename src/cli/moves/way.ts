import { type Move, type MovePhase, movePhases } from '../../model/move.ts';
import { showDuration } from '../arguments/duration.ts';
import { harmless, textWidth } from '../output/text-width.ts';
import { type Look, spin } from '../progress/marks.ts';

/** `mesos → k8s`; on the way back the arrow turns. */
export function wayText(move: Move, { marks }: Pick<Look, 'marks'>): string {
  const [from, to] = [harmless(move.from), harmless(move.to)];
  return move.direction === 'back' ? `${to} ${marks.arrow} ${from}` : `${from} ${marks.arrow} ${to}`;
}

/** Of the new home, percent. */
export function shareOf(move: Move): number {
  return move.shares[move.to] ?? 0;
}

/** `████░░░░░░` for the share of the new home. */
export function shareBar(move: Move, cells: number, { marks, style }: Look): string {
  const share = shareOf(move);
  // Something is never shown as nothing, nor almost everything as all.
  const least = share > 0 ? 1 : 0;
  const most = share < 100 ? cells - 1 : cells;
  const full = Math.min(most, Math.max(least, Math.round((share / 100) * cells)));
  return style.cyan(marks.full.repeat(full)) + style.dim(marks.empty.repeat(cells - full));
}

/** `held 12 s of 30 s`, `22 h left`, `paused`; nothing where nobody can say. */
export function timeText(move: Move, now: number): string {
  if (move.status !== 'running') return '';
  if (move.paused) return 'paused';
  if (move.nextAt === undefined) return '';
  const left = Date.parse(move.nextAt) - now;
  const { holdMs } = move.plan;
  const holds = move.phase === 'share' && move.direction === 'forth';
  if (holds && left >= 0 && left <= holdMs) return `held ${whole(holdMs - left)} of ${whole(holdMs)}`;
  return left > 0 ? `${whole(left)} left` : 'due';
}

/** `✓ arrive`, `⠋ share`, `· duty`: one for each phase. */
export function phaseMarks(move: Move, look: Look): readonly string[] {
  const at = movePhases.indexOf(move.phase);
  return movePhases.map(
    (phase, index) => `${phaseMark(move, index - at, look)} ${dimmed(phase, index > at, look)}`,
  );
}

/** Puts pieces into as few lines as they need. */
export function flow(pieces: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = last === undefined ? piece : `${last}  ${piece}`;
    if (last === undefined || textWidth(longer) > room) lines.push(piece);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** @param distance of the phase to the one that the move is at; below 0 it is behind */
function phaseMark(move: Move, distance: number, look: Look): string {
  const { marks, style } = look;
  if (move.status === 'done' || (distance < 0 && move.direction === 'forth')) return style.green(marks.done);
  if (move.status === 'abandoned' && distance === 0) return style.red(marks.failed);
  if (move.direction === 'back' && distance <= 0) {
    return move.status === 'running' && distance === 0 && !look.still
      ? spin(look)
      : style.yellow(marks.undone);
  }
  if (distance > 0) return style.dim(marks.pending);
  if (move.paused) return style.yellow(marks.skipped);
  return look.still ? style.cyan(marks.arrow) : spin(look);
}

function dimmed(phase: MovePhase, isToCome: boolean, { style }: Look): string {
  return isToCome ? style.dim(phase) : phase;
}

/** Whole seconds, so that it does not flicker. */
function whole(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 10 ? `${Math.max(0, seconds)} s` : showDuration(seconds * 1_000);
}
