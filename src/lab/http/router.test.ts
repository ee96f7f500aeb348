import assert from 'node:assert/strict';
import { test } from 'node:test';
import { empty } from './message.ts';
import { router } from './router.ts';

const named = (name: string) => () => empty(200, { name });
const find = router([
  ['GET', '/v2/apps', named('list')],
  ['GET', '/v2/apps/{id+}/versions', named('versions')],
  ['GET', '/v2/apps/{id+}/versions/{version}', named('version')],
  ['GET', '/v2/apps/{id+}', named('app')],
  ['PUT', '/v2/apps/{id+}', named('put')],
]);

test('the first pattern that fits wins, and {name+} takes several segments', () => {
  const found = find('GET', '/v2/apps/a/b/versions');
  assert.ok(found.kind === 'found');
  assert.deepEqual(found.params, { id: 'a/b' });
  const one = find('GET', '/v2/apps/a/versions/2026-11-23T06:39:22.713Z');
  assert.ok(one.kind === 'found');
  assert.deepEqual(one.params, { id: 'a', version: '2026-11-23T06:39:22.713Z' });
});

test('doubled and trailing slashes do not matter', () => {
  for (const path of ['/v2/apps//a/b', '/v2/apps/a/b', '/v2/apps/a/b/']) {
    const found = find('GET', path);
    assert.ok(found.kind === 'found');
    assert.deepEqual(found.params, { id: 'a/b' });
  }
});

test('a known path with another method is told from an unknown path', () => {
  assert.deepEqual(find('DELETE', '/v2/apps/a'), { kind: 'wrong-method', allowed: ['GET', 'PUT'] });
  assert.deepEqual(find('GET', '/v2/nosuch'), { kind: 'unknown' });
});
