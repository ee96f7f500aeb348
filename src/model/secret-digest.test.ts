import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretDigest } from './secret-digest.ts';

test('a digest is always the same for a secret, short, and another for another secret', () => {
  assert.equal(secretDigest('s3cret'), secretDigest('s3cret'));
  const digests = Array.from({ length: 200 }, (_, n) => secretDigest(`secret ${n}`));
  for (const digest of digests) assert.match(digest, /^[a-z2-7]{4}$/);
  assert.equal(new Set(digests).size, 200);
});
