import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { terminal } from '../testing/terminal.ts';
import { screen } from './screen.ts';

test('a block is redrawn in place, and lines scroll by above it', () => {
  const shown = terminal(20, 6);
  const bottom = screen(shown.write, () => shown.size);
  bottom.block(['one', 'two']);
  assert.deepEqual(shown.lines(), ['one', 'two']);
  bottom.block(['ONE', 'TWO', 'three']);
  assert.deepEqual(shown.lines(), ['ONE', 'TWO', 'three']);
  bottom.above(() => shown.write('log 1\nlog 2\n'));
  assert.deepEqual(shown.lines(), ['log 1', 'log 2', 'ONE', 'TWO', 'three']);
  bottom.block(['x']);
  assert.deepEqual(shown.lines(), ['log 1', 'log 2', 'x']);
  bottom.block([]);
  assert.deepEqual(shown.lines(), ['log 1', 'log 2']);
  assert.equal(shown.cursorShown, true);
});

test('a block higher than the terminal is cut: what scrolled away could not be redrawn', () => {
  const shown = terminal(40, 4);
  const bottom = screen(shown.write, () => shown.size);
  const frame = (mark: string) => ['a', 'b', 'c', 'd', 'e'].map((line) => line + mark);
  bottom.block(frame('1'));
  bottom.block(frame('2'));
  assert.deepEqual(shown.lines(), ['a2', 'b2', '  … and 3 more lines']);
});

test('an unchanged block writes nothing', () => {
  let writes = 0;
  const bottom = screen(
    () => (writes += 1),
    () => ({ columns: 20, rows: 5 }),
  );
  bottom.block(['one']);
  bottom.block(['one']);
  assert.equal(writes, 1);
});

test('a terminal that becomes narrower wraps the block; the next frame takes all of it away', () => {
  const shown = terminal(20, 10);
  const bottom = screen(shown.write, () => shown.size);
  bottom.block(['a line of 18 chars', 'short']);
  shown.resize(10, 10);
  bottom.block(['a line of 18 chars', 'new']);
  assert.deepEqual(shown.lines(), ['a line o…', 'new']);
});

test('whatever is drawn and said, the terminal holds what was said and then the block', () => {
  const text = fc
    .string({ unit: fc.constantFrom('a', 'b', '✓', ' '), minLength: 1, maxLength: 50 })
    .map((s) => `x${s}`);
  const action = fc.oneof(
    fc.record({ block: fc.array(text, { maxLength: 9 }) }),
    fc.record({ say: text }),
    fc.record({ columns: fc.integer({ min: 5, max: 60 }) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      const shown = terminal(40, 300);
      const bottom = screen(shown.write, () => shown.size);
      const said: string[] = [];
      for (const each of actions) {
        if ('say' in each) {
          said.push(each.say.slice(0, 4));
          bottom.above(() => shown.write(`${each.say.slice(0, 4)}\n`));
        } else if ('block' in each) bottom.block(each.block);
        else shown.resize(each.columns, 300);
      }
      bottom.block([]);
      assert.deepEqual(
        shown.lines(),
        said.map((line) => line.trimEnd()),
      );
    }),
  );
});
