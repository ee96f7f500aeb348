import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from './merge.ts';

async function* counting(name: string, until: number): AsyncIterable<string> {
  for (let n = 1; n <= until; n++) {
    await Promise.resolve();
    yield `${name}${n}`;
  }
}

test('streams come together, each in its own order; one that ends does not end the others', async () => {
  const merged = merge<string>();
  merged.add(counting('a', 2));
  const seen: string[] = [];
  for await (const value of merged.values) {
    seen.push(value);
    if (value === 'a2') merged.add(counting('b', 2));
    if (value === 'b2') merged.push('c');
    if (value === 'c') merged.end();
  }
  assert.deepEqual(seen, ['a1', 'a2', 'b1', 'b2', 'c']);
});

test('a stream is closed when nobody listens any more', async () => {
  const merged = merge<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve('x');
    } finally {
      resolve();
    }
  }
  merged.add(endless());
  for await (const _ of merged.values) merged.end();
  await promise;
});

test('what came before the end is still told', async () => {
  const merged = merge<number>();
  merged.push(1);
  merged.push(2);
  merged.end();
  merged.push(3);
  const seen: number[] = [];
  for await (const value of merged.values) seen.push(value);
  assert.deepEqual(seen, [1, 2]);
});
