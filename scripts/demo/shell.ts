import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { silent, type Voice } from './voice.ts';

const project = resolve(import.meta.dirname, '../..');

/** Types commands in the folder of the workspace, as a user does. */
export interface Shell {
  /** Shows the command and what it prints, and waits for its end. `onLine` sees every line, also hidden ones. */
  run(line: string, options?: RunOptions): Promise<Ran>;
  /** Runs `rehome ... --json` without a word and returns its document. */
  look<T>(line: string): Promise<T>;
}

export interface RunOptions {
  readonly onLine?: (line: string, pid: number) => void;
  /** Also the lines that tell of each step. */
  readonly verbose?: boolean;
  /** Runs even when the story was interrupted: for cleaning up. */
  readonly anyway?: boolean;
}

export interface Ran {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly text: string;
}

export function openShell(folder: string, voice: Voice, signal: AbortSignal): Shell {
  const env = {
    ...process.env,
    PATH: [join(project, 'bin'), process.env['PATH']].join(delimiter),
    REHOME: join(project, 'bin/rehome'),
  };

  const run: Shell['run'] = async (line, { onLine, verbose = false, anyway = false } = {}) => {
    if (!anyway) signal.throwIfAborted();
    voice.command(line);
    const [program = '', ...args] = line.split(' ');
    // A group of its own: Ctrl-C reaches it once, from here.
    const child = spawn(program, args, {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const interrupt = () => child.kill('SIGINT');
    if (!anyway) signal.addEventListener('abort', interrupt, { once: true });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (each) => {
        lines.push(each);
        if (verbose || !isProgress(each)) voice.output(each);
        else voice.passing(each);
        onLine?.(each, child.pid ?? 0);
      });
    }
    const [code] = await once(child, 'close');
    signal.removeEventListener('abort', interrupt);
    return { code: code ?? undefined, text: lines.join('\n') };
  };

  return {
    run,
    look: async <T>(line: string) => {
      const quiet = openShell(folder, silent, signal);
      const { text } = await quiet.run(`rehome ${line} --json`);
      return JSON.parse(text) as T;
    },
  };
}

/** `12:00:01 hcn test1 rollout begins`: good to have in a log, too much for a story. */
function isProgress(line: string): boolean {
  return /^\d\d:\d\d:\d\d /.test(line);
}
