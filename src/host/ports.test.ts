import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { type Block, claimBlock, isFree, preferredBlock } from './ports.ts';

test('a block is claimed once, the next claim gets another one, and none left is a failure', async (t) => {
  const range = await twoPorts();
  const first = held(await claimBlock(range));
  const second = held(await claimBlock(range));
  t.after(() => Promise.all([first.release(), second.release()]));
  assert.notEqual(first.first, second.first);
  const third = await claimBlock(range);
  assert.ok(isFailure(third));
  assert.equal(third.code, 'no-free-port');
});

test('a released block can be claimed again, and a preferred one is taken first', async () => {
  const range = await twoPorts();
  const preferred = range.from + range.size;
  const block = held(await claimBlock({ ...range, preferred }));
  assert.equal(block.first, preferred);
  assert.equal(await isFree(preferred), false);
  await block.release();
  assert.equal(await isFree(preferred), true);
});

test('the block of a text is always the same one and lies on the grid', () => {
  const range = { from: 10_000, to: 20_000, size: 500 };
  const first = preferredBlock(range, '/home/ada/bank');
  assert.equal(preferredBlock(range, '/home/ada/bank'), first);
  assert.equal((first - range.from) % range.size, 0);
  assert.ok(first >= range.from && first < range.to);
  const spread = new Set(Array.from({ length: 100 }, (_, n) => preferredBlock(range, `/w/${n}`)));
  assert.ok(spread.size > 15, `${spread.size} of 20 blocks`);
});

/** A range of two blocks of one port each, around a port that the kernel says is free. */
async function twoPorts() {
  for (;;) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    if (await isFree(port + 1)) return { from: port, to: port + 2, size: 1 };
  }
}

function held(block: Block | Awaited<ReturnType<typeof claimBlock>>): Block {
  assert.ok(!isFailure(block));
  return block;
}
