import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainName } from './names.ts';

test('a name that fits stays, any other becomes readable and keeps apart', () => {
  assert.equal(plainName('document-store'), 'document-store');
  assert.match(plainName('Document_Store'), /^document-store-[a-z2-7]{6}$/);
  assert.notEqual(plainName('a_b'), plainName('a.b'));
});

test('property: whatever the name, it fits, and two names never become one', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
      assert.match(plainName(a), /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      assert(plainName(a).length <= 63);
      assert.equal(plainName(a) === plainName(b), a === b);
    }),
  );
});
