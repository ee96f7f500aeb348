/** Where a command's words go: data on stdout, everything else on stderr. */
export interface Output {
  /** `text`, or one JSON document, or events one a line. */
  readonly mode: 'text' | 'json' | 'json-stream';
  /** Whether stderr is a terminal that can be redrawn. */
  readonly live: boolean;
  readonly color: boolean;
  readonly width: number;
  data(text: string): void;
  /** The one document of --json; ignored in other modes. */
  document(value: unknown): void;
  /** One event of --json-stream; ignored in other modes. */
  event(value: unknown): void;
  /** A line of progress on stderr; silent in --json. */
  line(text: string): void;
}
