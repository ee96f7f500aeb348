import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fail } from '../../model/failure.ts';
import { failureDocument, failureText } from './failure-text.ts';
import { openOutput } from './open-output.ts';
import { style } from './style.ts';
import { table } from './table.ts';
import { cut, harmless, pad, textWidth, wrap } from './text-width.ts';

test('widths count what a terminal shows', () => {
  assert.equal(textWidth('\u001b[1mhcn\u001b[22m ✓'), 5);
  assert.equal(textWidth('残高'), 4);
  assert.equal(textWidth('e\u0301'), 1);
});

test('a cut text fits, and is left alone where it fits already', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '残', '✓', ' ', '\u001b[31m', '\u001b[39m') });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (words, columns) => {
      const short = cut(words, columns);
      assert.ok(textWidth(short) <= columns);
      if (textWidth(words) <= columns) assert.equal(short, words);
      assert.equal(textWidth(pad(short, 40)), 40);
    }),
  );
});

test('what others write cannot move the cursor', () => {
  const text = harmless('\u001b[2J\u001b]0;title\u0007a\tb\rc\u009b31m');
  assert.equal(text, 'a    bc31m');
});

test('text is wrapped at spaces and paragraphs stay apart', () => {
  assert.deepEqual(wrap('one two three\nfour', 8), ['one two', 'three', 'four']);
});

test('a table has columns of one width', () => {
  assert.deepEqual(
    table(
      ['A', 'LONG'],
      [
        ['残高', 'x'],
        ['b', ''],
      ],
    ),
    ['A     LONG', '残高  x', 'b'],
  );
});

test('a failure for people: place, found, expected, hint, code, log, and all further ones', () => {
  const place = { file: 'services/hcn.yml', line: 7, column: 3 };
  const first = fail('unknown-key', 'Unknown key `instnces`.', {
    place,
    found: 'instnces',
    expected: 'instances',
    hint: 'did you mean instances?',
    details: 'line 1\n\u001b[31mline 2\n',
    more: [fail('missing-key', 'cpu is missing')],
  });
  assert.equal(
    failureText(first, style(false)),
    [
      'error: services/hcn.yml:7:3: Unknown key `instnces`. [unknown-key]',
      '  found:    instnces',
      '  expected: instances',
      '  hint:     did you mean instances?',
      '  | line 1',
      '  | line 2',
      'error: cpu is missing [missing-key]',
    ].join('\n'),
  );
  const { more, ...document } = failureDocument(first);
  assert.deepEqual(document, {
    code: 'unknown-key',
    message: 'Unknown key `instnces`.',
    found: 'instnces',
    expected: 'instances',
    hint: 'did you mean instances?',
    details: 'line 1\n\u001b[31mline 2\n',
    ...place,
  });
  assert.deepEqual(more, [{ code: 'missing-key', message: 'cpu is missing' }]);
});

test('colours come where they are wanted', () => {
  const terminal = { write: () => {}, isTTY: true };
  const pipe = { write: () => {} };
  const colored = (env: Record<string, string>, stdout: object, color = true) =>
    openOutput({
      mode: 'text',
      verbose: false,
      color,
      stdout: { ...pipe, ...stdout },
      stderr: pipe,
      env,
    }).dataStyle.red('x') !== 'x';
  assert.equal(colored({}, terminal), true);
  assert.equal(colored({}, pipe), false);
  assert.equal(colored({ NO_COLOR: '1' }, terminal), false);
  assert.equal(colored({ NO_COLOR: '' }, terminal), true);
  assert.equal(colored({ TERM: 'dumb' }, terminal), false);
  assert.equal(colored({ FORCE_COLOR: '1' }, pipe), true);
  assert.equal(colored({ FORCE_COLOR: '1' }, pipe, false), false);
});

test('a secret never leaves as its reference object, and JSON modes keep text away from stdout', () => {
  const written: string[] = [];
  const stdout = { write: (text: string) => written.push(text) };
  const output = openOutput({ mode: 'json', verbose: false, color: false, stdout, stderr: stdout, env: {} });
  output.data('text');
  output.line('text');
  output.event({});
  output.document({ url: { kind: 'Secret', ref: 'env:URL' } });
  assert.deepEqual(
    written.map((text) => JSON.parse(text)),
    [{ url: '(secret env:URL)' }],
  );
});
