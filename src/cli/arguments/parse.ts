import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Argument, Command, Flags } from '../command.ts';
import { flagsOf } from './common-flags.ts';
import { durationFlag } from './duration.ts';
import { readWords } from './read-words.ts';

export interface Parsed {
  readonly args: Readonly<Record<string, readonly string[]>>;
  readonly flags: Flags;
}

/** The words after a command's name. Anything that it does not know is a `usage` failure. */
export function parse(command: Command, words: readonly string[]): Parsed | Failure {
  const known = flagsOf(command);
  const read = readWords(known, words);
  if (isFailure(read)) return inCommand(command, read);
  const problem = missingFlag(command, read.values) ?? badRest(command, read.rest);
  if (problem) return inCommand(command, problem);
  const positional = command.rest ? read.positional : [...read.positional, ...(read.rest ?? [])];
  const args = assign(command.args, positional);
  if (isFailure(args)) return inCommand(command, args);
  const rest = command.rest ? { [command.rest.name]: read.rest ?? [] } : {};
  const defaults = new Map(known.flatMap((flag) => (flag.default ? [[flag.name, flag.default]] : [])));
  return { args: { ...args, ...rest }, flags: flagsFrom(read.values, defaults) };
}

function inCommand(command: Command, failure: Failure): Failure {
  return { ...failure, hint: `rehome ${command.name} --help` };
}

function missingFlag(command: Command, values: ReadonlyMap<string, readonly string[]>): Failure | undefined {
  const missing = command.flags.find((flag) => flag.required && !values.has(flag.name));
  if (!missing) return undefined;
  const spelled = missing.short ? `-${missing.short}` : `--${missing.name}`;
  return fail('usage', `rehome ${command.name} needs ${spelled} ${missing.value ?? ''}`.trimEnd(), {
    expected: `${spelled} ${missing.value ?? ''}: ${missing.summary}`,
  });
}

function badRest(command: Command, rest: readonly string[] | undefined): Failure | undefined {
  if (!command.rest || rest === undefined || rest.length > 0) return undefined;
  return fail('usage', `nothing follows --`, { expected: command.rest.name });
}

/** Gives words to arguments in order; what is required first, the rest to the one that takes many. */
function assign(
  declared: readonly Argument[],
  words: readonly string[],
): Readonly<Record<string, readonly string[]>> | Failure {
  const args: Record<string, readonly string[]> = {};
  let left = [...words];
  for (const [position, argument] of declared.entries()) {
    const later = declared.slice(position + 1).filter((other) => other.required).length;
    const count = argument.many ? Math.max(0, left.length - later) : 1;
    const taken = left.slice(0, count);
    left = left.slice(count);
    if (argument.required && taken.length === 0) {
      return fail('usage', `${argument.name} is missing`, {
        expected: `${argument.name}: ${argument.summary}`,
      });
    }
    args[argument.name] = taken;
  }
  if (left.length === 0) return args;
  return fail('usage', `one word too many: ${left[0]}`, {
    expected: declared.length === 0 ? 'no arguments' : declared.map((argument) => argument.name).join(' '),
  });
}

/** What a command sees of its flags. Durations and numbers were checked when they were read. */
function flagsFrom(
  values: ReadonlyMap<string, readonly string[]>,
  defaults: ReadonlyMap<string, string>,
): Flags {
  const text = (name: string) => values.get(name)?.[0] ?? defaults.get(name);
  return {
    text,
    all: (name) => values.get(name) ?? [],
    on: (name) => values.has(name),
    ms: (name) => durationFlag(text(name) ?? ''),
    number: (name) => (text(name) === undefined ? undefined : Number(text(name))),
  };
}
