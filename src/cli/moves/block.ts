import { span } from '../../report/words.ts';
import { showSpan } from '../arguments/duration.ts';
import { clockTime } from '../output/local-time.ts';
import { cut, harmless } from '../output/text-width.ts';
import { timed } from '../progress/block.ts';
import type { Look } from '../progress/marks.ts';
import { openLines } from '../progress/summary.ts';
import { homesTable } from './homes-table.ts';
import type { MoveView } from './view.ts';
import { flow, phaseMarks, shareBar, shareOf, timeText, wayText } from './way.ts';

const widest = 100;
const barCells = 10;

/** One move as lines: where it is, its phases, both homes, the gate, what it does and did last. */
export function block(view: MoveView, look: Look): readonly string[] {
  const { move } = view;
  const room = Math.max(1, Math.min(widest, look.columns - 1));
  if (!move)
    return [timed(look.style.bold(harmless(view.app)), showSpan(view.startedAt, undefined, look.now), look)];
  const lines = [
    ...flow(phaseMarks(move, look), room - 2),
    ...homesTable(view.homes, room - 2, look),
    ...gateLine(view, look),
    ...(move.status === 'running' && move.why !== ''
      ? [`${look.style.cyan('now')}   ${harmless(move.why)}`]
      : []),
    ...view.actions.map((each) => actionLine(each, look)),
  ];
  return [
    ...title(view, look),
    ...lines.map((line) => cut(`  ${line}`, room)),
    ...openLines(view.deployments, look),
  ];
}

/** `account test1  mesos → k8s  share 10 %  ████░░░░░░  held 12 s of 30 s`; a narrow terminal gets two lines. */
function title({ move, startedAt }: MoveView, look: Look): readonly string[] {
  if (!move) return [];
  const name = `${look.style.bold(harmless(move.app))} ${harmless(move.environment)}  ${wayText(move, look)}`;
  const share = `share ${shareOf(move)} %  ${shareBar(move, barCells, look)}`;
  const parts = [share, timeText(move, look.now)].filter((part) => part !== '');
  const took = showSpan(startedAt, move.finishedAt, look.now);
  if (look.columns >= 90) return [timed(`${name}  ${parts.join('  ')}`, took, look)];
  const below = flow(parts, look.columns - 3).map((line) => cut(`  ${line}`, look.columns - 1));
  return [timed(name, took, look), ...below];
}

function gateLine({ gate, move }: MoveView, { style }: Look): readonly string[] {
  if (!gate || move?.phase !== 'share') return [];
  const paints = { pass: style.green, fail: style.red, inconclusive: style.yellow };
  return [
    `${style.cyan('gate')}  ${gate.stage} %: ${paints[gate.verdict](gate.verdict)}, ${harmless(gate.why)}`,
  ];
}

function actionLine(action: MoveView['actions'][number], look: Look): string {
  const { marks, style } = look;
  const signs = {
    begun: style.cyan(marks.arrow),
    done: style.green(marks.done),
    failed: style.red(marks.failed),
  };
  const took = action.tookMs === undefined ? '' : ` (${span(action.tookMs)})`;
  const came = action.message === undefined ? '' : `: ${harmless(action.message)}`;
  return `${style.dim(clockTime(action.at))} ${signs[action.outcome]} ${harmless(action.action)}${took}${came}`;
}
