import type { StepStatus } from '../../model/deployment.ts';
import type { Style } from '../output/style.ts';
import type { Instances } from './view.ts';

/** The signs of one kind of terminal. */
export interface Marks {
  readonly done: string;
  readonly failed: string;
  readonly skipped: string;
  readonly pending: string;
  readonly undone: string;
  readonly arrow: string;
  readonly healthy: string;
  readonly running: string;
  readonly missing: string;
  /** Of a bar. */
  readonly full: string;
  readonly empty: string;
  readonly spinner: readonly string[];
}

const unicode: Marks = {
  done: '✓',
  failed: '✗',
  skipped: '–',
  pending: '·',
  undone: '↶',
  arrow: '→',
  healthy: '●',
  running: '◐',
  missing: '○',
  full: '█',
  empty: '░',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ascii: Marks = {
  done: '+',
  failed: 'x',
  skipped: '-',
  pending: '.',
  undone: '<',
  arrow: '->',
  healthy: '#',
  running: '=',
  missing: '.',
  full: '#',
  empty: '.',
  spinner: ['|', '/', '-', '\\'],
};

/** How a frame looks, apart from what it says. */
export interface Look {
  readonly marks: Marks;
  readonly style: Style;
  readonly columns: number;
  /** ms since 1970. */
  readonly now: number;
  /** Nothing moves: a picture of one moment. */
  readonly still?: boolean;
}

export function marksFor(showsUnicode: boolean): Marks {
  return showsUnicode ? unicode : ascii;
}

export function spin(look: Look): string {
  const { spinner } = look.marks;
  return look.style.cyan(spinner[Math.floor(look.now / 100) % spinner.length] ?? '');
}

export function stepMark(status: StepStatus, look: Look): string {
  const { marks, style } = look;
  switch (status) {
    case 'done':
      return style.green(marks.done);
    case 'failed':
      return style.red(marks.failed);
    case 'skipped':
      return style.dim(marks.skipped);
    case 'undone':
      return style.yellow(marks.undone);
    case 'pending':
      return style.dim(marks.pending);
    case 'running':
    case 'undoing':
      return look.still ? style.cyan(marks.arrow) : spin(look);
  }
}

const mostDots = 20;

/** `●●○○ 2 of 4 healthy`; many instances share a dot. */
export function dots(instances: Instances, look: Look): string {
  const { marks, style } = look;
  const { wanted, running, healthy } = instances;
  const all = Math.max(wanted, running, healthy);
  const scale = all > mostDots ? mostDots / all : 1;
  const filled = Math.floor(healthy * scale);
  const started = Math.floor(Math.max(running, healthy) * scale) - filled;
  const empty = Math.max(0, Math.round(all * scale) - filled - started);
  const row =
    style.green(marks.healthy.repeat(filled)) +
    style.yellow(marks.running.repeat(started)) +
    style.dim(marks.missing.repeat(empty));
  return `${row} ${healthy} of ${wanted} healthy`.trimStart();
}
