import { textWidth } from '../output/text-width.ts';

interface State {
  columns: number;
  rows: number;
  /** Logical lines, also those that scrolled away. A long one takes several rows. */
  lines: string[];
  /** The logical line that the cursor is in. */
  row: number;
  cursorShown: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it reads
const parts = /\u001b\[\?25[hl]|\u001b\[\d*[AKJ]|\r|\n|[^\u001b\r\n]+/g;

/**
 * A terminal that understands what `screen` writes, and wraps long lines again when it is resized, as most do.
 * Everything that scrolled away is kept.
 */
export function terminal(columns: number, rows: number) {
  const state: State = { columns, rows, lines: [], row: 0, cursorShown: true };
  return {
    write: (text: string): void => {
      for (const [part] of text.matchAll(parts)) obey(state, part);
    },
    get size() {
      return { columns: state.columns, rows: state.rows };
    },
    get cursorShown() {
      return state.cursorShown;
    },
    resize(newColumns: number, newRows: number) {
      state.columns = newColumns;
      state.rows = newRows;
    },
    lines: () => Array.from(state.lines, (line) => (line ?? '').trimEnd()),
  };
}

function obey(state: State, part: string): void {
  if (part.startsWith('\u001b[') && part.endsWith('A')) moveUp(state, Number(part.slice(2, -1)));
  else if (part === '\u001b[J') state.lines = state.lines.slice(0, state.row);
  else if (part.startsWith('\u001b[?25')) state.cursorShown = part.endsWith('h');
  else if (part === '\n') state.row += 1;
  else if (part !== '\r' && part !== '\u001b[K') state.lines[state.row] = part;
}

/** Up as many rows as asked for, but not out of the screen. */
function moveUp(state: State, count: number): void {
  let left = Math.min(count, state.rows - 1);
  while (left > 0 && state.row > 0) {
    state.row -= 1;
    left -= Math.max(1, Math.ceil(textWidth(state.lines[state.row] ?? '') / state.columns));
  }
}
