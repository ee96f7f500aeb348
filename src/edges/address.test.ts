import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../model/failure.ts';
import { chooseAddress } from './address.ts';

const block = { first: 10_500, size: 500 };

function portOf(environment: string, app: string, taken: Iterable<number> = [], of = block): number {
  const address = chooseAddress(environment, app, taken, of);
  assert.ok(!isFailure(address));
  assert.equal(address.host, '127.0.0.1');
  return address.port;
}

test('the same app gets the same port, in the block and never its first', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (environment, app) => {
      const port = portOf(environment, app);
      assert.equal(portOf(environment, app), port);
      assert.ok(port > block.first && port < block.first + block.size);
    }),
  );
});

test('a taken port is passed over, and a full block is told', () => {
  const small = { first: 10_000, size: 6 };
  const taken: number[] = [];
  for (let n = 0; n < 5; n++) taken.push(portOf('test1', `app-${n}`, taken, small));
  assert.deepEqual([...taken].sort(), [10_001, 10_002, 10_003, 10_004, 10_005]);
  const full = chooseAddress('test1', 'one-more', taken, small);
  assert.ok(isFailure(full) && full.code === 'no-free-port');
});

test('40 apps in 12 environments fit into one block', () => {
  const taken = new Set<number>();
  for (let e = 0; e < 12; e++) for (let a = 0; a < 40; a++) taken.add(portOf(`test${e}`, `app-${a}`, taken));
  assert.equal(taken.size, 480);
});
