import { measure } from '../../report/words.ts';
import { showSpan } from '../arguments/duration.ts';
import { cut, harmless, pad, padLeft, textWidth } from '../output/text-width.ts';
import { timed } from '../progress/block.ts';
import { type Look, spin } from '../progress/marks.ts';
import { block } from './block.ts';
import { isOver, type MovesView, type MoveView } from './view.ts';
import { shareBar, shareOf, timeText } from './way.ts';

export interface Fleet {
  /** What the moves are together: `move to k8s in test1`. */
  readonly title: string;
  readonly startedAt: string;
  /** How many moves there will be, where that is known. */
  readonly expected?: number;
}

/** Several moves at once: how far they are together, a line for each under way, details as far as `rows` allow. */
export function fleetLines(view: MovesView, fleet: Fleet, rows: number, look: Look): readonly string[] {
  const all = [...view.values()];
  const open = all.filter((each) => !isOver(each));
  const names = Math.max(0, ...open.map(({ app }) => textWidth(harmless(app))));
  const lines = [heading(all, open.length, fleet, look), ...open.map((each) => line(each, names, look))];
  for (const each of open) {
    const details = ['', ...block(each, look)];
    if (lines.length + details.length < rows) lines.push(...details);
  }
  return lines;
}

/** The line that stays when one of several is over. */
export function finishedLine(view: MoveView, look: Look): string {
  const { move } = view;
  const { marks, style } = look;
  const signs = { done: style.green(marks.done), back: style.yellow(marks.undone) };
  const status = move?.status ?? 'running';
  const sign = status === 'done' || status === 'back' ? signs[status] : style.red(marks.failed);
  const why = status === 'done' ? '' : `: ${harmless(move?.why ?? '')}`;
  const took = showSpan(view.startedAt, move?.finishedAt, look.now);
  return timed(`  ${sign} ${harmless(view.app)} ${status}${why}`, style.dim(took), look);
}

function heading(all: readonly MoveView[], open: number, fleet: Fleet, look: Look): string {
  const done = all.filter(({ move }) => move?.status === 'done').length;
  const others = all.length - open - done;
  const toCome = fleet.expected === undefined ? 0 : Math.max(0, fleet.expected - all.length);
  const counts = [
    `${done} done`,
    ...(others > 0 ? [`${others} not`] : []),
    `${open} under way`,
    ...(toCome > 0 ? [`${toCome} to come`] : []),
  ];
  const title = `${look.style.bold(harmless(fleet.title))}  ${counts.join(', ')}`;
  return timed(title, showSpan(fleet.startedAt, undefined, look.now), look);
}

function line(view: MoveView, names: number, look: Look): string {
  const { move, homes } = view;
  const name = pad(cut(harmless(view.app), names), names);
  const elapsed = look.style.dim(showSpan(view.startedAt, undefined, look.now));
  if (!move) return timed(`  ${spin(look)} ${name}`, elapsed, look);
  const rate = homes.reduce(
    (sum, each) => sum + (each.windowMs === 0 ? 0 : (each.requests / each.windowMs) * 1_000),
    0,
  );
  const errors = homes.reduce((sum, each) => sum + each.errors, 0);
  const parts = [
    `${name}  ${shareBar(move, 6, look)} ${padLeft(`${shareOf(move)} %`, 5)}`,
    move.direction === 'back' ? look.style.yellow(`${move.phase}, back`) : move.phase,
    timeText(move, look.now),
    ...(homes.length > 0 ? [`${measure(rate)}/s`] : []),
    ...(errors > 0 ? [look.style.red(`${errors} errors`)] : []),
  ];
  return timed(`  ${spin(look)} ${parts.filter((part) => part !== '').join('  ')}`, elapsed, look);
}
