import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { homesFor } from '../share.ts';
import { newSlots, place, release } from './slots.ts';
import { places, sharesIn, splitOf } from './split.ts';
import { differing, serverCommands } from './sync.ts';

const homes = ['a', 'b', 'c'];
/** Shares of three homes in hundredths of a percent. */
const shares = fc
  .tuple(fc.integer({ min: 0, max: places }), fc.integer({ min: 0, max: places }))
  .map(([one, two]) => [Math.min(one, two), Math.max(one, two)] as const)
  .map(([one, two]) => ({ a: one / 100, b: (two - one) / 100, c: (places - two) / 100 }));

test('the entry of the map says the shares, and can be read back', () => {
  fc.assert(
    fc.property(shares, (wanted) => {
      const read = sharesIn(homes, splitOf(homes, wanted));
      for (const home of homes) assert.ok(Math.abs((read?.[home] ?? -1) - (wanted[home as 'a'] ?? 0)) < 1e-9);
    }),
  );
  for (const text of ['', 'x', '10', '1:2:3', '20:10', '-1:5', '1:10001', '1.5:2'])
    assert.equal(sharesIn(homes, text), undefined, text);
  assert.deepEqual(sharesIn(['a'], '10000'), { a: 100 });
});

test('a place falls to the home that the other edge would choose', () => {
  fc.assert(
    fc.property(shares, fc.integer({ min: 0, max: places - 1 }), (wanted, at) => {
      const ends = [...splitOf(homes, wanted).split(':').map(Number), places];
      const home = homes[ends.findIndex((end) => at < end)];
      assert.equal(home, homesFor(wanted, (at + 0.5) / 100)[0]);
    }),
  );
});

const backend = (id: string, port = 1) => ({ id, host: '10.0.0.1', port });
const none = new Set<string>();

test('instances keep their places, those that left keep theirs until they are let go', () => {
  const one = place(newSlots(), [backend('x'), backend('y')], none);
  assert.deepEqual(
    one.map(({ state }) => state),
    ['ready', 'ready', 'free', 'free'],
  );
  const two = place(one, [backend('y'), backend('z')], new Set(['y']));
  assert.deepEqual(
    two.map(({ state, backend }) => `${backend?.id ?? ''} ${state}`),
    ['x out', 'y out', 'z ready', ' free'],
  );
  const three = release(two, [backend('x'), backend('z')]);
  assert.deepEqual(
    three.map(({ state }) => state),
    ['free', 'out', 'ready', 'free'],
  );
  const many = place(
    three,
    [...'abcdefgh'].map((id) => backend(id)),
    none,
  );
  assert.equal(many.filter(({ state }) => state === 'ready').length, 8);
  assert.equal(many[1]?.backend?.id, 'y');
});

test('commands make the servers as they are to be, and none are sent where they are', () => {
  const model = (slots: Parameters<typeof place>[0]) => ({
    environment: 'e',
    paths: { map: 'm', lua: 'l', log: 's', scope: '/' },
    options: { retry: 'safe', retryOf: {}, hardStopAfter: '1h', waitMs: 1, connectMs: 1 } as const,
    fronts: [
      {
        app: 'x',
        address: { host: '127.0.0.1', port: 1 },
        also: [],
        shares: { h: 100 },
        homes: [{ home: 'h', slots }],
      },
    ],
  });
  const running = (admin: 'ready' | 'drain' | 'maint', port = 1) => [
    { pool: 'e:x:h', server: 's1', host: '10.0.0.1', port, admin },
  ];
  const at = (state: 'ready' | 'out') => model([{ state, backend: backend('i') }]);
  const set = 'set server e:x:h/s1';
  assert.deepEqual(serverCommands(at('ready'), running('ready')), []);
  assert.deepEqual(serverCommands(at('ready'), running('drain')), [`${set} state ready`]);
  assert.deepEqual(serverCommands(at('ready'), running('ready', 2)), [
    `${set} state maint`,
    `${set} addr 10.0.0.1 port 1`,
    `${set} state ready`,
  ]);
  assert.deepEqual(serverCommands(at('ready'), running('maint', 2)), [
    `${set} addr 10.0.0.1 port 1`,
    `${set} state ready`,
  ]);
  assert.deepEqual(serverCommands(at('out'), running('ready')), [`${set} state drain`]);
  assert.deepEqual(serverCommands(at('out'), running('maint')), []);
  assert.deepEqual(serverCommands(model([{ state: 'free' }]), running('drain')), [`${set} state maint`]);
  assert.deepEqual(serverCommands(at('ready'), []), [], 'an old process may not have it');
  assert.deepEqual(differing(at('ready'), []), ['e:x:h/s1'], 'the current one must');
});
