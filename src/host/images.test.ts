import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { findImage } from './images.ts';

test('an image name leads to the folder of the first pattern that fits and exists', (context) => {
  const root = fs.mkdtempSync(join(tmpdir(), 'rehome-images-'));
  context.after(() => fs.rmSync(root, { recursive: true }));
  for (const folder of ['images/hcn/1.0.0', 'special', 'any/x.y/z']) {
    fs.mkdirSync(join(root, folder), { recursive: true });
  }
  const catalogue = {
    'repo/hcn:2': 'special',
    'repo/{app}:{version}': 'images/{app}/{version}',
    '{registry}/{app}:{v}': 'any/{registry}/{v}',
  };
  const find = (name: string) => {
    const found = findImage(catalogue, root, name);
    return isFailure(found) ? found.code : found.slice(root.length + 1);
  };
  assert.equal(find('repo/hcn:1.0.0'), 'images/hcn/1.0.0');
  assert.equal(find('repo/hcn:2'), 'special');
  assert.equal(find('x.y/app:z'), 'any/x.y/z');
  for (const name of ['repo/hcn:3', 'hcn', 'repo/hcn', 'repo/a/b:1', 'repo/..:..', 'xrepo/hcn:1.0.0x']) {
    assert.equal(find(name), 'missing-image', name);
  }
});
