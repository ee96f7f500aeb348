import { type Failure, isFailure } from '../../model/failure.ts';
import { findCommand } from '../arguments/find-command.ts';
import type { Entry } from '../command.ts';
import type { Output } from '../output.ts';
import { commandHelp } from './command-help.ts';
import { groupHelp, overview } from './overview.ts';

/** Prints help on the command that words name; further words do not matter. */
export async function helpOn(
  list: readonly Entry[],
  words: readonly string[],
  output: Output,
): Promise<number | Failure> {
  const first = words.find((word) => !word.startsWith('-'));
  if (first === undefined) return print(overview(list), output);
  const found = findCommand(list, words);
  if (!isFailure(found)) return print(commandHelp((await found.entry.load()).command), output);
  const group = groupHelp(list, first);
  return group === undefined ? found : print(group, output);
}

function print(text: string, output: Output): number {
  output.data(text);
  output.document({ help: text });
  return 0;
}
