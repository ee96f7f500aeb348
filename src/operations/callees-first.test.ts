import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { calleesFirst, type Dependent } from './callees-first.ts';

describe('callees first', () => {
  test('an app waits for those it uses, also where they are listed later', async () => {
    const order: string[] = [];
    const items = [
      { app: 'web', uses: ['api'] },
      { app: 'api', uses: ['account', 'elsewhere'] },
      { app: 'account', uses: [] },
    ];
    await calleesFirst(items, 8, async ({ app }) => {
      order.push(`${app} begins`);
      await Promise.resolve();
      order.push(`${app} ends`);
    });
    const expected = ['account', 'api', 'web'].flatMap((app) => [`${app} begins`, `${app} ends`]);
    assert.deepEqual(order, expected);
  });

  test('whatever uses what: everything is done once, in order, never more at a time than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(graph(), fc.integer({ min: 1, max: 5 }), async (items, parallel) => {
        const over = new Set<string>();
        let running = 0;
        await calleesFirst(items, parallel, async ({ app, uses }) => {
          running++;
          assert.ok(running <= parallel);
          assert.ok(uses.every((used) => over.has(used)));
          await new Promise((resolve) => setImmediate(resolve));
          assert.ok(!over.has(app));
          over.add(app);
          running--;
        });
        assert.equal(over.size, items.length);
      }),
      { numRuns: 50 },
    );
  });
});

/** Apps that use only those with a smaller number, in any order. */
function graph(): fc.Arbitrary<readonly Dependent[]> {
  const uses = fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 12 });
  return uses
    .map((all) =>
      all.map((numbers, index) => ({
        app: `app${index}`,
        uses: index === 0 ? [] : [...new Set(numbers.map((number) => `app${number % index}`))],
      })),
    )
    .chain((items) => fc.shuffledSubarray(items, { minLength: items.length }));
}
