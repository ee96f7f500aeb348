import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fail, isFailure } from '../model/failure.ts';
import type { Change, FieldChange, NativeObject } from '../model/native.ts';
import { describe } from './describe.ts';
import { type DiffContext, diff } from './diff.ts';

const secrets: Record<string, string> = { 'env:TOKEN': 's3cret', 'env:OTHER': 'hidden' };
const context: DiffContext = {
  home: 'mesos',
  reveal: ({ ref }) => secrets[ref] ?? fail('missing-secret', `${ref} leads nowhere.`),
};

function changes(wanted: readonly NativeObject[], live: readonly NativeObject[]): readonly Change[] {
  const found = diff(wanted, live, context);
  assert(!isFailure(found));
  return found;
}

const app = (id: string, body: NativeObject['body'] = {}): NativeObject => ({
  kind: 'marathon app',
  id,
  body,
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(0, 1, 512.5, '', 'x', true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('record'),
  ),
  record: fc.dictionary(fc.constantFrom('a', 'b', 'c.d', 'é"', '0'), tie('value'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
})).record as fc.Arbitrary<Record<string, unknown>>;

test('property: nothing is to do where all is as wanted', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 4 }), (bodies) => {
      const objects = bodies.map((body, at) => app(`/${at}`, body));
      assert.deepEqual(changes(objects, structuredClone(objects).reverse()), []);
    }),
  );
});

test('property: the fields of a change turn the live object into the wanted one', () => {
  fc.assert(
    fc.property(json, json, (wanted, live) => {
      const [change] = changes([app('/x', wanted)], [app('/x', live)]);
      const fields = change?.fields ?? [];
      assert.deepEqual(applied(structuredClone(live), fields), wanted);
      for (const field of fields) assert.notDeepEqual({ value: field.from }, { value: field.to });
    }),
  );
});

/** Another reading of paths than the one under test. */
function applied(body: Record<string, unknown>, fields: readonly FieldChange[]): unknown {
  const root: Record<string, unknown> = { body };
  const removals = fields.filter((field) => !('to' in field)).reverse();
  for (const field of [...fields.filter((field) => 'to' in field), ...removals]) {
    const keys = ['body', ...keysOf(field.path)];
    let at: Record<string | number, unknown> = root;
    for (const [n, key] of keys.slice(0, -1).entries()) {
      at[key] ??= typeof keys[n + 1] === 'number' ? [] : {};
      at = at[key] as Record<string | number, unknown>;
    }
    const last = keys.at(-1) ?? '';
    if ('to' in field) at[last] = structuredClone(field.to);
    else if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return root.body;
}

function keysOf(path: string): (string | number)[] {
  const tokens = path.match(/\[\d+\]|\["(?:[^"\\]|\\.)*"\]|[\w-]+/g) ?? [];
  return tokens.map((token) => (token.startsWith('[') ? (JSON.parse(token)[0] as string | number) : token));
}

test('what is missing is created, what is not wanted is deleted, in that order', () => {
  const found = changes([app('/b', { n: 1 }), app('/a', { n: 1 })], [app('/old'), app('/b', { n: 2 })]);
  assert.deepEqual(
    found.map(({ action, object, home }) => `${home} ${action} ${object}`),
    ['mesos create marathon app /a', 'mesos update marathon app /b', 'mesos delete marathon app /old'],
  );
});

test('objects of different kinds may share an id', () => {
  assert.equal(changes([app('x')], [{ kind: 'chronos job', id: 'x', body: {} }]).length, 2);
});

test('a secret is compared by its value and never shown, whatever it was before', () => {
  const wanted = [app('/x', { env: { TOKEN: { kind: 'Secret', ref: 'env:TOKEN' }, PLAIN: '1' } })];
  assert.deepEqual(changes(wanted, [app('/x', { env: { TOKEN: 's3cret', PLAIN: '1' } })]), []);
  const [change] = changes(wanted, [app('/x', { env: { TOKEN: 'yesterday' } })]);
  assert(change);
  assert.deepEqual(change.fields, [
    { path: 'env.TOKEN', from: '(secret env:TOKEN)', to: '(secret env:TOKEN)' },
    { path: 'env.PLAIN', to: '1' },
  ]);
  assert(!JSON.stringify(change).match(/s3cret|yesterday/));
});

test('a live value that is known as a secret is not shown when it goes', () => {
  const live = { ...app('/x', { env: { OLD: 'hidden' } }), secrets: { 'env.OLD': 'env:OTHER' } };
  for (const wanted of [
    [app('/x', { env: {} })],
    [app('/x', {})],
    [app('/x', { env: { OLD: 'plain' } })],
    [],
  ]) {
    const found = changes(wanted, [live]);
    assert.equal(found.length, 1);
    assert(!JSON.stringify(found).includes('hidden'));
  }
});

test('a secret that leads nowhere is a failure, all of them at once', () => {
  const lost = (ref: string) => app(`/${ref}`, { env: { A: { kind: 'Secret', ref } } });
  const found = diff([lost('x'), lost('y')], [], context);
  assert(isFailure(found) && found.code === 'missing-secret');
  assert.equal(found.more?.length, 1);
});

test('a plan reads like this', () => {
  const wanted = [
    app('/hcn', {
      cmd: 'python b.py',
      mem: 512,
      env: { A: '1', 'x.y': '' },
      secret: { kind: 'Secret', ref: 'env:TOKEN' },
    }),
    app('/new', { instances: 2 }),
  ];
  const live = [
    app('/hcn', { cmd: 'python a.py', mem: 256, env: { B: '2' }, secret: 'old' }),
    app('/gone', { cmd: 'x' }),
  ];
  assert.equal(
    changes(wanted, live).flatMap(describe).join('\n'),
    `+ create marathon app /new
    instances: 2
~ update marathon app /hcn
    cmd: python a.py → python b.py
    mem: 256 → 512
    env.A: "1"
    env["x.y"]: ""
    env.B: "2" → (none)
    secret: (secret env:TOKEN) (another value)
- delete marathon app /gone`,
  );
});
