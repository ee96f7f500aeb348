import type { Style } from './output/style.ts';

/** Where a command's words go: data on stdout, everything else on stderr. */
export interface Output {
  /** `text`, or one JSON document, or events one a line. */
  readonly mode: 'text' | 'json' | 'json-stream';
  /** Whether details are wanted that are left out otherwise. */
  readonly verbose: boolean;
  /** Whether stderr is a terminal that can be redrawn. */
  readonly live: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
  /** Colours for `data`. */
  readonly dataStyle: Style;
  /** Colours for `line` and `block`. */
  readonly lineStyle: Style;
  /** Of the terminal on stderr, at the moment. */
  size(): Size;
  /** Text on stdout, with a line's end; ignored in JSON modes. */
  data(text: string): void;
  /** The one document of --json; ignored in other modes. */
  document(value: unknown): void;
  /** One event of --json-stream; ignored in other modes. */
  event(value: unknown): void;
  /** A line of progress on stderr; silent in JSON modes. */
  line(text: string): void;
  /** Shows lines at the bottom in place of the block before; only where `live`. None takes the block away. */
  block(lines: readonly string[]): void;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}
