import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escaped, expanded } from './expansion.ts';

/**
 * Kubernetes' own expansion, as its documentation has it: `$$` is `$`; `$(NAME)` is the value of a variable, or stays
 * where there is none; a `$` before anything else, and `$(` that nothing closes, stay.
 */
function kubernetes(text: string, values: Readonly<Record<string, string>>): string {
  let made = '';
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1];
    if (text[at] !== '$' || next === undefined) made += text[at];
    else if (next === '$') {
      made += '$';
      at++;
    } else if (next === '(') {
      const end = text.indexOf(')', at);
      const name = text.slice(at + 2, end);
      if (end < 0) made += '$(';
      else made += values[name] ?? `$(${name})`;
      at = end < 0 ? at + 1 : end;
    } else {
      made += `$${next}`;
      at++;
    }
  }
  return made;
}

const texts = fc
  .array(fc.constantFrom('$', '$$', '(', ')', 'A', '$(A)', '$(B)', '{', '}', '\n', 'ü', ' '), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const values = { A: 'apple', B: '' };

test('property: what is escaped is what was meant, whatever variables there are', () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(kubernetes(escaped(text), values), text);
      assert.deepEqual(expanded(escaped(text), values), { text, unknown: [] });
    }),
    { numRuns: 2_000 },
  );
});

test('property: what others wrote is read as Kubernetes runs it', () => {
  fc.assert(
    fc.property(texts, (text) => assert.equal(expanded(text, values).text, kubernetes(text, values))),
    { numRuns: 2_000 },
  );
});

test('a shell command keeps its dollars', () => {
  for (const command of ['echo $X "$1" $@', 'kill $!', 'a $']) assert.equal(escaped(command), command);
  assert.equal(escaped('echo $(date) $$'), 'echo $$(date) $$$$');
  assert.deepEqual(expanded('$(HOST):$(PORT)', { PORT: '80' }), { text: '$(HOST):80', unknown: ['HOST'] });
});
