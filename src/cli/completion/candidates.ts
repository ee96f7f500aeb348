import { isFailure } from '../../model/failure.ts';
import { commonFlags, flagsOf } from '../arguments/common-flags.ts';
import { findCommand } from '../arguments/find-command.ts';
import type { Argument, Command, Entry, Flag } from '../command.ts';
import { type Candidate, type OpenForNames, valuesOf } from './values.ts';

/** What could stand in place of the last word, which may be empty. Words are those after `rehome`. */
export async function candidates(
  list: readonly Entry[],
  words: readonly string[],
  open: OpenForNames,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const found = findCommand(list, before);
  const all = isFailure(found)
    ? firstWords(list, before)
    : [
        // A command can be the first word of others too.
        ...(found.words.length === 0 ? membersAfter(list, before) : []),
        ...(await forCommand((await found.entry.load()).command, found.words, current, list, open)),
      ];
  return all.filter(({ word }) => word.startsWith(current));
}

/** Second words after a command that is a word of its own: `status` after `move`. */
function membersAfter(list: readonly Entry[], before: readonly string[]): readonly Candidate[] {
  return commandWords(
    list,
    before.filter((word) => !word.startsWith('-')),
  );
}

/** First words of commands, or second words of a group. */
function firstWords(list: readonly Entry[], before: readonly string[]): readonly Candidate[] {
  const plain = before.filter((word) => !word.startsWith('-'));
  const flags = plain.length === 0 ? commonFlags.map(flagCandidate) : [];
  return [...commandWords(list, plain), ...flags];
}

function commandWords(list: readonly Entry[], plain: readonly string[]): readonly Candidate[] {
  const start = plain.length === 0 ? '' : `${plain.join(' ')} `;
  const fitting = list.filter((entry) => !entry.hidden && entry.name.startsWith(start));
  const summaries = new Map<string, string>();
  for (const { name, summary } of fitting) {
    const [next = '', ...more] = name.slice(start.length).split(' ');
    const said = summaries.get(next);
    summaries.set(next, more.length === 0 ? summary : [...(said ? [said] : []), ...more].join(', '));
  }
  return [...summaries].map(([word, summary]) => ({ word, summary }));
}

async function forCommand(
  command: Command,
  words: readonly string[],
  current: string,
  list: readonly Entry[],
  open: OpenForNames,
): Promise<readonly Candidate[]> {
  const values = (from: Argument['complete']) =>
    from === 'command' ? Promise.resolve(commandWords(list, [])) : valuesOf(from, command, open);
  const flags = flagsOf(command).filter((flag) => !flag.hidden);
  const inline = /^--([a-z-]+)=/.exec(current);
  if (inline) {
    const flag = flags.find(({ name }) => name === inline[1]);
    const fitting = await values(flag?.choices ?? flag?.complete);
    return fitting.map((value) => ({ ...value, word: `${inline[0]}${value.word}` }));
  }
  const wanting = flags.find((flag) => flag.value && spells(flag, words.at(-1)));
  if (wanting) return values(wanting.choices ?? wanting.complete);
  if (current.startsWith('-')) return flags.filter((flag) => unused(flag, words)).map(flagCandidate);
  return values(nextArgument(command, positionals(flags, words))?.complete);
}

function spells(flag: Flag, word: string | undefined): boolean {
  return word === `--${flag.name}` || (flag.short !== undefined && word === `-${flag.short}`);
}

function unused(flag: Flag, words: readonly string[]): boolean {
  return flag.many === true || !words.some((word) => spells(flag, word));
}

/** How many words are neither flags nor their values. */
function positionals(flags: readonly Flag[], words: readonly string[]): number {
  return words.filter((word, index) => {
    const isValue = flags.some((flag) => flag.value && spells(flag, words[index - 1]));
    return !word.startsWith('-') && !isValue;
  }).length;
}

function nextArgument(command: Command, position: number): Argument | undefined {
  return command.args[position] ?? command.args.find((argument) => argument.many);
}

function flagCandidate(flag: Flag): Candidate {
  return { word: `--${flag.name}`, summary: flag.summary };
}
