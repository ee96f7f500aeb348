import type { Failure } from '../model/failure.ts';
import type { Operations } from '../operations/operations.ts';
import type { groups } from './groups.ts';
import type { Output } from './output.ts';

/** What is known of a command before it is loaded. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly group: (typeof groups)[number];
  /** For programs: help and completion do not show it. */
  readonly hidden?: boolean;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** One command as data: parsing, help, completion and the reference are made from it. */
export interface Command {
  /** `deploy`, `lock status`. */
  readonly name: string;
  /** One line, begins with a verb. */
  readonly summary: string;
  /** Longer help: what it does, in plain paragraphs. */
  readonly description?: string;
  readonly args: readonly Argument[];
  /** What may follow `--`, taken as it stands; found in the arguments under its name. */
  readonly rest?: Argument;
  readonly flags: readonly Flag[];
  /** Lines to try, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Exit codes beside 0, 1 and 2 that it can end with. */
  readonly exits?: readonly (3 | 4 | 5 | 70)[];
  /** Changes something: takes --dry-run and asks in protected environments. */
  readonly mutates?: boolean;
  /** Takes --json-stream, and stops cleanly at the first Ctrl-C. */
  readonly streams?: boolean;
  /** Exit code. Failures are printed by the caller. */
  run(invocation: Invocation): Promise<number | Failure>;
}

export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly many?: boolean;
  /** Where completion gets its words. */
  readonly complete?: Completion;
}

/** `target` is APP: with any version; `where` is an environment or one of its homes. */
export type Completion =
  | 'app'
  | 'target'
  | 'environment'
  | 'where'
  | 'deployment'
  | 'command'
  | 'folder'
  | readonly string[];

export interface Flag {
  /** Without the dashes: `lock-wait`. */
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** Name of its value; absent for a switch. `DURATION` (30s) and `N` (a whole number) are checked. */
  readonly value?: string;
  readonly many?: boolean;
  readonly required?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly complete?: Completion;
  /** For programs: neither help nor completion shows it. */
  readonly hidden?: boolean;
}

/** What a command is called with. */
export interface Invocation {
  readonly args: Readonly<Record<string, readonly string[]>>;
  readonly flags: Flags;
  readonly output: Output;
  /** Every command there is. */
  readonly commands: readonly Entry[];
  /** Opens the workspace of the current folder, `--workspace`, or a Failure. */
  readonly open: () => Promise<Operations | Failure>;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Of rehome. */
  readonly version: string;
  readonly cwd: string;
  /** What `--workspace` says, absolute; the current folder without it. */
  readonly folder: string;
  /** Command line that starts rehome itself; its arguments are added. */
  readonly self: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the person at the terminal; undefined where nobody sits there. */
  readonly ask?: (question: string) => Promise<string>;
  /** ms since 1970. */
  readonly now: () => number;
}

export interface Flags {
  /** Its value, or its default. */
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  on(name: string): boolean;
  /** A DURATION in ms. */
  ms(name: string): number | undefined;
  /** An N. */
  number(name: string): number | undefined;
}
