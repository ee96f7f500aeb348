import { createInterface } from 'node:readline/promises';
import type { Failure } from '../model/failure.ts';
import type { Operations } from '../operations/operations.ts';
import type { Stream } from './output/open-output.ts';

/** What the command line needs from outside; tests bring their own. */
export interface World {
  readonly version: string;
  readonly cwd: string;
  /** Command line that starts rehome itself. */
  readonly self: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Calls `listener` at every Ctrl-C, or polite request to end, from now on. */
  onInterrupt(listener: () => void): void;
  /** Calls `listener` when nobody reads stdout any more. */
  onClosed(listener: () => void): void;
  /** Calls `listener` when the process ends, however that comes. */
  onExit(listener: () => void): void;
  readonly ask?: (question: string) => Promise<string>;
  now(): number;
  open(options: OpenOptions): Promise<Operations | Failure>;
  /** Ends the process. */
  leave(code: number): void;
}

interface OpenOptions {
  readonly cwd: string;
  /** Root of the workspace, absolute, where one is named. */
  readonly workspace?: string;
  readonly self: readonly string[];
  readonly print: (line: string) => void;
}

export function realWorld(version: string): World {
  // A closed pipe is no mistake of ours: `rehome logs … | head` simply ends, see `onClosed`.
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  return {
    version,
    cwd: process.cwd(),
    self: [process.execPath, process.argv[1] ?? ''],
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt: (listener) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
    onClosed: (listener) => {
      process.stdout.on('error', listener);
    },
    onExit: (listener) => {
      process.on('exit', listener);
    },
    ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
    now: () => Date.now(),
    open: async (options) => (await import('../rehome.ts')).openRehome(options),
    leave: (code) => process.exit(code),
  };
}

/** The empty answer where the person left with Ctrl-C or Ctrl-D. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort());
  terminal.once('close', () => left.abort());
  try {
    return await terminal.question(question, { signal: left.signal });
  } catch {
    return '';
  } finally {
    terminal.close();
  }
}
