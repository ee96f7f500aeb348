import type { Failure } from '../model/failure.ts';
import type { Operations } from '../operations/operations.ts';
import type { Output } from './output.ts';

/** One command as data: parsing, help, completion and the reference are made from it. */
export interface Command {
  /** `deploy`, `lock status`. */
  readonly name: string;
  /** One line, begins with a verb. */
  readonly summary: string;
  /** Longer help: what it does, in plain paragraphs. */
  readonly description?: string;
  readonly args: readonly Argument[];
  readonly flags: readonly Flag[];
  /** Lines to try, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Changes something: takes --dry-run and asks in protected environments. */
  readonly mutates?: boolean;
  /** Takes --json-stream. */
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
  readonly complete?: 'app' | 'environment' | 'home' | 'deployment' | readonly string[];
}

export interface Flag {
  /** Without the dashes: `lock-wait`. */
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** Name of its value: `ENV`, `DURATION`; absent for a switch. */
  readonly value?: string;
  readonly many?: boolean;
  readonly required?: boolean;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly complete?: Argument['complete'];
}

/** What a command is called with. */
export interface Invocation {
  readonly args: Readonly<Record<string, readonly string[]>>;
  readonly flags: Flags;
  readonly output: Output;
  /** Opens the workspace of the current folder, `--workspace`, or a Failure. */
  readonly open: () => Promise<Operations | Failure>;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly cwd: string;
}

export interface Flags {
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  on(name: string): boolean;
}
