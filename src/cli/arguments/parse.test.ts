import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Command } from '../command.ts';
import { type Parsed, parse } from './parse.ts';

const command: Command = {
  name: 'try',
  summary: 'try',
  args: [
    { name: 'APPS', summary: 'apps', required: true, many: true },
    { name: 'LAST', summary: 'the last', required: true },
  ],
  rest: { name: 'CMD', summary: 'a command', required: false, many: true },
  flags: [
    { name: 'environment', short: 'e', value: 'ENV', summary: 'where', required: true },
    { name: 'skip', value: 'STEP', many: true, summary: 'skip' },
    { name: 'follow', short: 'f', summary: 'follow' },
    { name: 'wait', value: 'DURATION', summary: 'wait', default: '5s' },
    { name: 'tail', value: 'N', summary: 'lines' },
    { name: 'format', value: 'FORMAT', choices: ['text', 'json'], summary: 'format' },
  ],
  examples: [],
  run: async () => 0,
};

for (const spelled of [
  ['-e', 'test'],
  ['-etest'],
  ['-e=test'],
  ['--environment', 'test'],
  ['--environment=test'],
  ['-fe', 'test'],
]) {
  test(`${spelled.join(' ')} before, between and after the words`, () => {
    for (const words of [
      [...spelled, 'a', 'b'],
      ['a', ...spelled, 'b'],
      ['a', 'b', ...spelled],
    ]) {
      const { args, flags } = parsed(words);
      assert.equal(flags.text('environment'), 'test');
      assert.deepEqual(args, { APPS: ['a'], LAST: ['b'], CMD: [] });
    }
  });
}

test('what follows -- is taken as it stands', () => {
  const { args } = parsed(['a', 'b', '-e', 'x', '--', 'node', '--help', '-e', '--']);
  assert.deepEqual(args['CMD'], ['node', '--help', '-e', '--']);
});

test('values, defaults and switches', () => {
  const { flags } = parsed(['a', 'b', 'c', '-e', 'x', '--skip', 'one', '--skip=two', '-fv', '--tail', '7']);
  assert.deepEqual(flags.all('skip'), ['one', 'two']);
  assert.equal(flags.on('follow'), true);
  assert.equal(flags.on('verbose'), true);
  assert.equal(flags.on('json'), false);
  assert.equal(flags.ms('wait'), 5000);
  assert.equal(flags.number('tail'), 7);
  assert.equal(flags.number('environment') === undefined, false);
  assert.equal(flags.text('format'), undefined);
  assert.equal(parsed(['a', 'b', '-e', 'x', '-e', 'x', '--wait=0']).flags.ms('wait'), 0);
});

const wrong: readonly (readonly [words: string, message: RegExp])[] = [
  ['a b', /rehome try needs -e ENV/],
  ['a -e x', /APPS is missing/],
  ['-e x', /APPS is missing/],
  ['a b -e', /-e needs a value/],
  ['a b -e --follow', /-e needs a value/],
  ['a b -e=', /-e needs a value|-e is empty/],
  ['a b --environment=', /--environment is empty/],
  ['a b -e x -e y', /-e is given twice/],
  ['a b -e x --follow=yes', /--follow takes no value/],
  ['a b -e x --folow', /unknown flag --folow; did you mean --follow\?/],
  ['a b -e x -q', /unknown flag -q/],
  ['a b -e x -fq', /unknown flag -q/],
  ['a b -e x --wait soon', /--wait wants a duration/],
  ['a b -e x --tail 1.5', /--tail wants a whole number/],
  ['a b -e x --tail -5', /--tail needs a value/],
  ['a b -e x --format jsno', /--format cannot be "jsno"; did you mean json\?/],
  ['a b -e x --', /nothing follows --/],
];
for (const [words, message] of wrong) {
  test(`${words}: ${message.source}`, () => {
    const result = parse(command, words.split(' '));
    assert.ok(isFailure(result));
    assert.equal(result.code, 'usage');
    assert.match(result.message, message);
    assert.equal(result.hint, 'rehome try --help');
  });
}

test('a command that takes no rest takes words after -- as its own, and no word too many', () => {
  const { rest: _rest, ...plain } = command;
  const one = { ...plain, args: [{ name: 'ID', summary: 'id', required: true }] };
  const result = parse(one, ['-e', 'x', '--', '-strange']);
  assert.deepEqual((result as Parsed).args, { ID: ['-strange'] });
  assert.match((parse(one, ['-e', 'x', 'a', 'b']) as Failure).message, /one word too many: b/);
});

function parsed(words: readonly string[]): Parsed {
  const result = parse(command, words);
  assert.ok(!isFailure(result), isFailure(result) ? result.message : '');
  return result;
}
