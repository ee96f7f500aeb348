import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { nearest } from '../../model/nearest.ts';
import type { Flag } from '../command.ts';
import { durationFlag } from './duration.ts';

export interface Words {
  /** Values by flag name; a switch that is on has an empty list. */
  readonly values: Map<string, string[]>;
  readonly positional: string[];
  /** What stood after `--`; undefined without one. */
  rest: string[] | undefined;
}

/**
 * Sorts words into flags and the others. Takes `--flag value`, `--flag=value`, `-e test`, `-etest`, `-e=test`,
 * switches in one word (`-fv`), and everything after `--` as it stands.
 */
export function readWords(known: readonly Flag[], words: readonly string[]): Words | Failure {
  const read: Words = { values: new Map(), positional: [], rest: undefined };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') read.rest = queue.splice(0);
    else if (word.startsWith('-') && word.length > 1) {
      const problem = word.startsWith('--')
        ? long(known, word, queue, read)
        : short(known, word, queue, read);
      if (problem) return problem;
    } else read.positional.push(word);
  }
  return read;
}

function long(known: readonly Flag[], word: string, queue: string[], read: Words): Failure | undefined {
  const equals = word.indexOf('=');
  const spelled = equals < 0 ? word : word.slice(0, equals);
  const flag = known.find((candidate) => `--${candidate.name}` === spelled);
  if (!flag) return unknownFlag(known, spelled);
  return keep(flag, spelled, equals < 0 ? undefined : word.slice(equals + 1), queue, read);
}

function short(known: readonly Flag[], word: string, queue: string[], read: Words): Failure | undefined {
  for (let at = 1; at < word.length; at += 1) {
    const flag = known.find((candidate) => candidate.short === word[at]);
    if (!flag) return unknownFlag(known, at === 1 ? word : `-${word[at]}`);
    const tail = word.slice(at + 1);
    if (flag.value) return keep(flag, `-${word[at]}`, tail.replace(/^=/, '') || undefined, queue, read);
    const problem = keep(flag, `-${word[at]}`, tail.startsWith('=') ? tail.slice(1) : undefined, queue, read);
    if (problem) return problem;
  }
  return undefined;
}

/** Stores one flag, with its value out of the same word or the next. */
function keep(
  flag: Flag,
  spelled: string,
  inline: string | undefined,
  queue: string[],
  read: Words,
): Failure | undefined {
  const before = read.values.get(flag.name);
  if (!flag.value) {
    if (inline !== undefined) {
      return fail('usage', `${spelled} takes no value`, { found: `${spelled}=${inline}`, expected: spelled });
    }
    read.values.set(flag.name, []);
    return undefined;
  }
  const value = inline ?? nextValue(flag, spelled, queue);
  if (isFailure(value)) return value;
  const problem = badValue(flag, spelled, value);
  if (problem) return problem;
  if (before && !flag.many && before[0] !== value) {
    return fail('usage', `${spelled} is given twice`, {
      found: `${before[0]} and ${value}`,
      expected: 'one of them',
    });
  }
  read.values.set(flag.name, flag.many ? [...(before ?? []), value] : [value]);
  return undefined;
}

function nextValue(flag: Flag, spelled: string, queue: string[]): string | Failure {
  const next = queue[0];
  if (next !== undefined && (!next.startsWith('-') || next === '-')) return queue.shift() ?? '';
  return fail('usage', `${spelled} needs a value`, {
    ...(next === undefined ? {} : { found: next }),
    expected: `${spelled} ${flag.value}`,
  });
}

function badValue(flag: Flag, spelled: string, value: string): Failure | undefined {
  if (flag.choices && !flag.choices.includes(value)) {
    const near = nearest(value, flag.choices);
    return fail(
      'usage',
      `${spelled} cannot be ${JSON.stringify(value)}${near ? `; did you mean ${near}?` : ''}`,
      {
        found: value,
        expected: flag.choices.join(', '),
      },
    );
  }
  if (flag.value === 'DURATION' && durationFlag(value) === undefined) {
    return fail('usage', `${spelled} wants a duration`, {
      found: value,
      expected: '500ms, 30s, 5m, 24h or 0',
    });
  }
  if (flag.value === 'N' && !/^\d{1,9}$/.test(value)) {
    return fail('usage', `${spelled} wants a whole number`, { found: value, expected: '0, 1, 2, …' });
  }
  if (value === '') return fail('usage', `${spelled} is empty`, { expected: `${spelled} ${flag.value}` });
  return undefined;
}

function unknownFlag(known: readonly Flag[], spelled: string): Failure {
  const names = known.filter((flag) => !flag.hidden).map((flag) => `--${flag.name}`);
  const near = spelled.startsWith('--') ? nearest(spelled, names) : undefined;
  return fail('usage', `unknown flag ${spelled}${near ? `; did you mean ${near}?` : ''}`, {
    found: spelled,
    expected: near ?? names.join(' '),
  });
}
