import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, isFailure } from '../../model/failure.ts';
import { findCommand } from './find-command.ts';

const list = [
  { name: 'deploy' },
  { name: 'lock status' },
  { name: 'lock release' },
  { name: 'lab daemon', hidden: true },
];

const found: readonly (readonly [words: string, name: string, rest: string])[] = [
  ['deploy -e x a:1', 'deploy', '-e x a:1'],
  ['--json deploy a:1', 'deploy', '--json a:1'],
  ['--workspace dir deploy a:1', 'deploy', '--workspace dir a:1'],
  ['--workspace=dir -v lock status', 'lock status', '--workspace=dir -v'],
  ['lab daemon', 'lab daemon', ''],
];
for (const [words, name, rest] of found) {
  test(`${words} is ${name}`, () => {
    const result = findCommand(list, words.split(' '));
    assert.ok(!isFailure(result));
    assert.equal(result.entry.name, name);
    assert.equal(result.words.join(' '), rest);
  });
}

const missing: readonly (readonly [words: string, message: RegExp, expected: string])[] = [
  ['depoly', /no command "depoly"; did you mean deploy\?/, 'deploy'],
  ['lock', /"lock" is only the beginning of a command/, 'lock status, lock release'],
  ['lock sttus', /no command "lock sttus"; did you mean lock status\?/, 'lock status, lock release'],
  ['lokc status', /did you mean lock\?/, 'lock'],
  ['zzzzzz', /no command "zzzzzz"$/, 'deploy, lock status, lock release'],
  ['-e x deploy', /no command before -e/, 'rehome COMMAND …'],
  ['--json', /no command before --json/, 'rehome COMMAND …'],
];
for (const [words, message, expected] of missing) {
  test(`${words}: ${message.source}`, () => {
    const result = findCommand(list, words.split(' ')) as Failure;
    assert.match(result.message, message);
    assert.equal(result.expected, expected);
  });
}
