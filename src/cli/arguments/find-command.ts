import { type Failure, fail } from '../../model/failure.ts';
import { nearest } from '../../model/nearest.ts';
import { membersOf } from '../groups.ts';
import { commonFlags } from './common-flags.ts';

export interface Found<Entry> {
  readonly entry: Entry;
  /** All words but the command's name. */
  readonly words: readonly string[];
}

interface Named {
  readonly name: string;
  readonly hidden?: boolean;
}

/** The command that a line of words names, in one word or two. Only flags of every command may stand before it. */
export function findCommand<Entry extends Named>(
  list: readonly Entry[],
  words: readonly string[],
): Found<Entry> | Failure {
  const at = firstPlainWord(words);
  const [first, second] = [words[at], words[at + 1]];
  const before = words.slice(0, at);
  if (first === undefined || first.startsWith('-')) return misplaced(words);
  const two = list.find((entry) => entry.name === `${first} ${second}`);
  if (two) return { entry: two, words: [...before, ...words.slice(at + 2)] };
  const one = list.find((entry) => entry.name === first);
  if (one) return { entry: one, words: [...before, ...words.slice(at + 1)] };
  return unknownCommand(list, first, second);
}

function firstPlainWord(words: readonly string[]): number {
  let at = 0;
  for (let word = words[at]; word?.startsWith('-'); word = words[at]) {
    const flag = commonFlags.find(({ name, short }) => word === `--${name}` || word === `-${short}`);
    const inline = commonFlags.some(({ name, value }) => value && word?.startsWith(`--${name}=`));
    if (!flag && !inline) return at;
    at += flag?.value ? 2 : 1;
  }
  return at;
}

function misplaced(words: readonly string[]): Failure {
  const flag = words.find((word) => word.startsWith('-')) ?? '';
  return fail('usage', `there is no command before ${flag}`, { found: flag, expected: 'rehome COMMAND …' });
}

function unknownCommand(list: readonly Named[], first: string, second: string | undefined): Failure {
  const members = membersOf(list, first).map((entry) => entry.name);
  if (members.length > 0) {
    if (second === undefined || second.startsWith('-')) return halfCommand(first, members);
    const found = `${first} ${second}`;
    const near = nearest(found, members);
    const question = near ? `; did you mean ${near}?` : '';
    return fail('usage', `there is no command ${JSON.stringify(found)}${question}`, {
      found,
      expected: members.join(', '),
    });
  }
  const names = list.filter((entry) => !entry.hidden).map((entry) => entry.name);
  const near = nearest(first, [...new Set(names.flatMap((name) => [name, name.split(' ')[0] ?? name]))]);
  return fail(
    'usage',
    `there is no command ${JSON.stringify(first)}${near ? `; did you mean ${near}?` : ''}`,
    {
      found: first,
      expected: near ?? names.join(', '),
    },
  );
}

function halfCommand(found: string, members: readonly string[]): Failure {
  const expected = members.join(', ');
  const hint = `rehome help ${found}`;
  return fail('usage', `${JSON.stringify(found)} is only the beginning of a command`, {
    found,
    expected,
    hint,
  });
}
