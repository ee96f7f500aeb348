import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkShares, cookieOf, homesFor, keepShares, placeOf } from './share.ts';

/** Whole percents for up to four homes that add up to 100. */
const shares = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }))
  .map((cuts) => [0, ...[...cuts].sort((a, b) => a - b), 100])
  .map((cuts) => {
    const parts = cuts.slice(1).map((cut, at) => cut - (cuts[at] ?? 0));
    return Object.fromEntries(parts.map((part, at) => [`home-${at}`, part]));
  });
const place = fc.double({ min: 0, max: 100, maxExcluded: true, noNaN: true });

test('a place falls to a home with a share, and homes without one are never named', () => {
  fc.assert(
    fc.property(shares, place, (split, at) => {
      const homes = homesFor(split, at);
      assert.ok(homes.length > 0);
      for (const home of homes) assert.ok((split[home] ?? 0) > 0);
      assert.equal(new Set(homes).size, homes.length);
    }),
  );
});

test('the stretch of a home is as long as its share', () => {
  fc.assert(
    fc.property(shares, (split) => {
      const counts = new Map<string, number>();
      for (let at = 0.5; at < 100; at++) {
        const [home = ''] = homesFor(split, at);
        counts.set(home, (counts.get(home) ?? 0) + 1);
      }
      for (const [home, share] of Object.entries(split)) assert.equal(counts.get(home) ?? 0, share);
    }),
  );
});

test('when one home grows at the cost of others, nobody leaves it', () => {
  fc.assert(
    fc.property(
      shares,
      place,
      fc.integer({ min: 0, max: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (split, at, n, taken) => {
        const growing = `home-${n}`;
        const entries = Object.entries(split).map(([home, share]) => [
          home,
          home === growing ? share : share * taken,
        ]);
        const rest = entries.reduce((sum, [home, share]) => sum + (home === growing ? 0 : Number(share)), 0);
        const grown = { ...Object.fromEntries(entries), [growing]: 100 - rest };
        const before = homesFor(split, at)[0];
        // Places right at a border may fall to either side by rounding.
        const near =
          homesFor(split, Math.min(99.999, at + 1e-9))[0] !== homesFor(split, Math.max(0, at - 1e-9))[0];
        if (before === growing && !near) assert.equal(homesFor(grown, at)[0], growing);
      },
    ),
  );
});

test('places of callers are spread evenly and always the same', () => {
  const places = Array.from({ length: 10_000 }, (_, n) => placeOf(`user-${n}`));
  assert.equal(placeOf('user-7'), places[7]);
  for (let tenth = 0; tenth < 10; tenth++) {
    const here = places.filter((at) => at >= tenth * 10 && at < tenth * 10 + 10).length;
    assert.ok(here > 850 && here < 1_150, `${here} of 1000`);
  }
  assert.ok(places.every((at) => at >= 0 && at < 100));
});

test('shares must be percents that add up', () => {
  assert.equal(checkShares('hcn', { a: 99.5, b: 0.5 }), undefined);
  for (const wrong of [{}, { a: 99 }, { a: 101, b: -1 }, { a: Number.NaN }, { a: Number.POSITIVE_INFINITY }])
    assert.equal(checkShares('hcn', wrong)?.code, 'wrong-value');
});

test('a cookie is found among others, by its whole name', () => {
  assert.equal(cookieOf('xuid=1; uid=2; uid3=4', 'uid'), '2');
  assert.equal(cookieOf('uid=a=b', 'uid'), 'a=b');
  assert.equal(cookieOf('xuid=1', 'uid'), undefined);
  assert.equal(cookieOf(undefined, 'uid'), undefined);
  assert.equal(cookieOf(';;=;uid', 'uid'), undefined);
});

test('naming homes changes no share: new ones have none, those that have none may go', () => {
  assert.deepEqual(keepShares({ mesos: 90, k8s: 10 }, { mesos: 0, k8s: 100 }), { mesos: 90, k8s: 10 });
  assert.deepEqual(keepShares({ mesos: 100 }, { mesos: 100, k8s: 0 }), { mesos: 100, k8s: 0 });
  assert.deepEqual(keepShares({ mesos: 0, k8s: 100 }, { k8s: 100 }), { k8s: 100 });
  assert.deepEqual(keepShares({ mesos: 5, k8s: 95 }, { k8s: 100 }), { mesos: 5, k8s: 95 });
  fc.assert(fc.property(shares, shares, (one, other) => !checkShares('api', keepShares(one, other))));
});
