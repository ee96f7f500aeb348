import { type Failure, fail } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import { list } from '../index.ts';
import { start } from '../start.ts';
import type { World } from '../world.ts';

export interface RanCli {
  /** What it ended with; where it left at once, that. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Only the operations that the command is to use; any other is a mistake. */
  readonly operations?: Partial<Operations> | Failure;
  readonly env?: World['env'];
  readonly cwd?: string;
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly ask?: World['ask'];
  readonly now?: () => number;
  /** Gets what a Ctrl-C calls. */
  readonly onInterrupt?: (interrupt: () => void) => void;
  readonly onClosed?: (closed: () => void) => void;
}

/** Runs one command line in this process, on operations that a test made. */
export async function runCli(words: readonly string[], options: CliOptions = {}): Promise<RanCli> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: options.terminal !== undefined,
    ...options.terminal,
  });
  const left: number[] = [];
  const world: World = {
    version: '0.0.1',
    cwd: options.cwd ?? '/nowhere',
    self: ['rehome'],
    env: options.env ?? {},
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    onInterrupt: (listener) => options.onInterrupt?.(listener),
    onClosed: (listener) => options.onClosed?.(listener),
    onExit: () => {},
    ...(options.ask ? { ask: options.ask } : {}),
    now: options.now ?? (() => Date.parse('2026-11-23T12:00:00Z')),
    open: async () => opened(options.operations),
    leave: (code) => {
      left.push(code);
    },
  };
  const code = await start(list, words, world);
  return { code: left[0] ?? code, ...written };
}

function opened(operations: CliOptions['operations']): Operations | Failure {
  if (operations === undefined) return fail('no-workspace', 'There is no rehome.yaml here.');
  if ('kind' in operations) return operations;
  const known: Partial<Operations> = { names: async () => names, close: () => {}, ...operations };
  return new Proxy(known, {
    get(target, name) {
      const found = Reflect.get(target, name);
      if (found === undefined && name !== 'then' && name !== 'kind')
        throw new Error(`${String(name)} was not expected`);
      return found;
    },
  }) as Operations;
}

const names = {
  apps: ['account', 'hcn'],
  environments: ['test', 'test1', 'prod'],
  homes: ['test.mesos', 'test1.mesos', 'test1.k8s', 'prod.mesos'],
  protected: ['prod'],
};
