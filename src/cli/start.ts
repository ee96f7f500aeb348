import { errors } from '../model/errors.ts';
import { exitCode, type Failure, fail, isFailure } from '../model/failure.ts';
import { findCommand } from './arguments/find-command.ts';
import { parse } from './arguments/parse.ts';
import type { Command, Entry } from './command.ts';
import { interrupts } from './interrupts.ts';
import { opener } from './opener.ts';
import { failureDocument, failureText } from './output/failure-text.ts';
import { openOutput } from './output/open-output.ts';
import type { Output } from './output.ts';
import type { World } from './world.ts';

/** Runs one command line to its end. Returns the exit code of DESIGN §8. */
export async function start(list: readonly Entry[], words: readonly string[], world: World): Promise<number> {
  const output = outputFor(words, world);
  // Also a mistake of ours leaves the terminal as it was.
  world.onExit(() => output.block([]));
  try {
    const result = (await help(list, words, output)) ?? (await dispatch(list, words, world, output));
    return isFailure(result) ? report(result, output) : result;
  } catch (bug) {
    return reportBug(bug, output);
  } finally {
    output.block([]);
  }
}

/** Asked for help anywhere before `--`, a command does nothing else. */
async function help(
  list: readonly Entry[],
  words: readonly string[],
  output: Output,
): Promise<number | Failure | undefined> {
  const own = beforeDashes(words);
  const others = own.filter((word) => word !== '--help' && word !== '-h');
  if (own.length === others.length) return undefined;
  const { helpOn } = await import('./help/help-on.ts');
  return helpOn(list, others, output);
}

async function dispatch(
  list: readonly Entry[],
  words: readonly string[],
  world: World,
  output: Output,
): Promise<number | Failure> {
  if (words.every((word) => word.startsWith('-')) && (words.includes('--version') || words.includes('-V'))) {
    return tellVersion(world.version, output);
  }
  const found = findCommand(list, words);
  if (isFailure(found)) return found;
  const { command } = await found.entry.load();
  const parsed = parse(command, found.words);
  if (isFailure(parsed)) return parsed;
  const { folder, open, close } = opener(parsed.flags.text('workspace'), world, output);
  try {
    const { version, cwd, env, now, self, ask } = world;
    const surroundings = { version, cwd, env, now, self, folder, ...(ask ? { ask } : {}) };
    const signal = interrupts(command, world, output);
    const result = await command.run({ ...parsed, ...surroundings, output, commands: list, signal, open });
    return isFailure(result) ? pointedAt(command, result) : result;
  } finally {
    close();
  }
}

/** Who used a command wrongly is helped by the help of that command. */
function pointedAt(command: Command, failure: Failure): Failure {
  const general = failure.code === 'usage' && failure.hint === errors.usage.hint;
  return general ? { ...failure, hint: `rehome ${command.name} --help` } : failure;
}

function tellVersion(version: string, output: Output): number {
  output.data(version);
  output.document({ version });
  return 0;
}

function report(failure: Failure, output: Output): number {
  output.block([]);
  output.line(failureText(failure, output.lineStyle));
  output.document({ error: failureDocument(failure) });
  output.event({ type: 'error', error: failureDocument(failure) });
  return exitCode(failure);
}

/** Whatever was thrown was not foreseen. */
function reportBug(bug: unknown, output: Output): number {
  const text = bug instanceof Error ? bug.message : String(bug);
  const stack = bug instanceof Error && bug.stack && output.verbose ? { details: bug.stack } : {};
  return report(fail('internal', text, stack), output);
}

/** Made before the words are understood, so that a misunderstanding is told in the form that was asked for. */
function outputFor(words: readonly string[], world: World): Output {
  const own = beforeDashes(words);
  const mode = own.includes('--json-stream') ? 'json-stream' : own.includes('--json') ? 'json' : 'text';
  return openOutput({
    mode,
    verbose: own.includes('--verbose') || own.includes('-v'),
    color: !own.includes('--no-color'),
    stdout: world.stdout,
    stderr: world.stderr,
    env: world.env,
  });
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  return dashes < 0 ? words : words.slice(0, dashes);
}
