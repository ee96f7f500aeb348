import type { Size } from '../output.ts';
import { cut, textWidth } from './text-width.ts';

/** The lowest lines of a terminal, redrawn in place; everything else scrolls by above them. */
export interface Screen {
  /** Draws lines in place of those before. None takes them away. */
  block(lines: readonly string[]): void;
  /** Runs `write`, which writes whole lines, with the block out of the way. */
  above(write: () => void): void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** @param write puts text on the terminal; @param size of the terminal, at the moment */
export function screen(write: (text: string) => void, size: () => Size): Screen {
  let shown: readonly string[] = [];
  const draw = (lines: readonly string[]) => {
    const { columns, rows } = size();
    const fitting = fit(lines, columns, rows);
    const up = rowsOf(shown, columns);
    const cursor = shown.length === 0 && fitting.length > 0 ? hideCursor : '';
    const back = shown.length > 0 && fitting.length === 0 ? showCursor : '';
    if (up === 0 && fitting.length === 0) return;
    write(
      `${cursor}${up > 0 ? `\u001b[${up}A` : ''}\r${fitting.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J${back}`,
    );
    shown = fitting;
  };
  return {
    block(lines) {
      const { columns, rows } = size();
      if (same(fit(lines, columns, rows), shown)) return;
      draw(lines);
    },
    above(print) {
      const kept = shown;
      draw([]);
      print();
      draw(kept);
    },
  };
}

/** A line wider than the terminal would wrap, and a block higher than it could not be redrawn. */
function fit(lines: readonly string[], columns: number, rows: number): readonly string[] {
  const atMost = Math.max(1, rows - 1);
  const kept =
    lines.length <= atMost
      ? lines
      : [...lines.slice(0, atMost - 1), `  … and ${lines.length - atMost + 1} more lines`];
  return kept.map((line) => cut(line, Math.max(1, columns - 1)));
}

/** How many rows lines take up now: a terminal that became narrower has wrapped them. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / Math.max(1, columns))), 0);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
