import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cpuQuantity, memoryQuantity, parseQuantity } from './quantities.ts';

test('amounts are written as the apiserver writes them', () => {
  const cpu = { '0.5': '500m', '2': '2', '1.5': '1500m', '0.29': '290m', '1.1': '1100m', '0.0001': '1m' };
  for (const [cores, quantity] of Object.entries(cpu)) assert.equal(cpuQuantity(Number(cores)), quantity);
  assert.equal(cpuQuantity(1000), '1k');
  assert.equal(cpuQuantity(12_500), '12500');
  const memory = { '512': '512Mi', '512.5': '524800Ki', '1024': '1Gi', '33.3333': '34134Ki', '0.1': '103Ki' };
  for (const [mib, quantity] of Object.entries(memory)) assert.equal(memoryQuantity(Number(mib)), quantity);
  assert.equal(memoryQuantity(0), '1Ki');
});

test('quantities of others are numbers', () => {
  const known = {
    '512.0Mi': 512 * 1_048_576,
    '0.5': 0.5,
    '500m': 0.5,
    '290m': 0.29,
    '1e3': 1_000,
    '2E': 2e18,
    '1Ei': 2 ** 60,
    '.5': 0.5,
    '3.': 3,
    '100n': 1e-7,
    '+1k': 1_000,
  };
  for (const [text, value] of Object.entries(known)) assert.equal(parseQuantity(text), value, text);
  for (const text of ['512MiB', '1e3Mi', '', 'Mi', '1 Gi', '0x10', {}, null]) {
    assert.equal(parseQuantity(text), undefined);
  }
});

/** What apimachinery's Quantity makes of a whole number of thousandths or of bytes: the largest suffix that divides. */
function canonical(amount: bigint, step: bigint, suffixes: readonly string[]): string {
  for (let at = suffixes.length - 1; at > 0; at--) {
    const unit = step ** BigInt(at);
    if (amount % unit === 0n) return `${amount / unit}${suffixes[at]}`;
  }
  return `${amount}${suffixes[0]}`;
}

test('property: a quantity is canonical, and at most one unit more than the amount', () => {
  const milli = ['m', '', 'k', 'M', 'G', 'T', 'P', 'E'];
  const kibi = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000 }), (thousandths) => {
      assert.equal(cpuQuantity(thousandths / 1_000), canonical(BigInt(thousandths), 1_000n, milli));
      assert.equal(parseQuantity(cpuQuantity(thousandths / 1_000)), thousandths / 1_000);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (kib) => {
      assert.equal(memoryQuantity(kib / 1_024), canonical(BigInt(kib), 1_024n, kibi));
      assert.equal(parseQuantity(memoryQuantity(kib / 1_024)), kib * 1_024);
    }),
  );
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), (amount) => {
      const [cores, bytes] = [parseQuantity(cpuQuantity(amount)), parseQuantity(memoryQuantity(amount))];
      assert(cores !== undefined && cores >= amount * (1 - 1e-8) && cores < amount + 0.001_001);
      assert(bytes !== undefined && bytes / 1_048_576 >= amount * (1 - 1e-8));
      assert(bytes / 1_048_576 < amount + 1 / 1_000);
    }),
  );
});
