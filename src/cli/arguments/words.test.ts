import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../../model/failure.ts';
import { durationFlag, showDuration, showSpan } from './duration.ts';
import { shellLine } from './shell-line.ts';
import { parseTarget, parseTargets } from './target.ts';

test('APP:VERSION', () => {
  assert.deepEqual(parseTarget('hcn:1.0.0'), { app: 'hcn', version: '1.0.0' });
  for (const word of ['hcn', 'hcn:', ':1', '', 'a:b:c']) assert.ok(isFailure(parseTarget(word)), word);
  assert.ok(isFailure(parseTargets(['a:1', 'a:2'])));
  assert.deepEqual(parseTargets(['a:1', 'b:2']), [
    { app: 'a', version: '1' },
    { app: 'b', version: '2' },
  ]);
});

test('durations in and out', () => {
  assert.deepEqual(['0', '500ms', '5m', '5', '', '-1s'].map(durationFlag), [
    0,
    500,
    300_000,
    undefined,
    undefined,
    undefined,
  ]);
  const shown = [0, 40, 950, 9_940, 9_960, 59_400, 60_000, 185_000, 3_600_000, 7_800_000].map(showDuration);
  assert.deepEqual(shown, [
    '0.0 s',
    '0.0 s',
    '0.9 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min',
    '3 min 5 s',
    '1 h',
    '2 h 10 min',
  ]);
  const begun = '2026-01-01T00:00:00Z';
  assert.equal(showSpan(begun, undefined, Date.parse(begun) + 3_900), '3 s');
  assert.equal(showSpan(begun, '2026-01-01T00:00:03.900Z', 0), '3.9 s');
});

test('several words reach a command as they are; one word is a shell line', () => {
  assert.equal(shellLine(['echo $HOME | wc']), 'echo $HOME | wc');
  fc.assert(
    fc.property(
      fc.array(
        fc.string().filter((word) => !word.includes('\0')),
        { minLength: 1 },
      ),
      (words) => {
        const line = shellLine(['printf', '%s\\0', ...words]);
        const told = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
        assert.deepEqual(told.split('\0').slice(0, -1), words);
      },
    ),
    { numRuns: 30 },
  );
});
