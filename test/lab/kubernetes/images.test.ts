import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fullName, imagesOf } from './images.ts';

test('names are written out as a container runtime has them', () => {
  const pairs = {
    'box:1': 'docker.io/library/box:1',
    'anna-repo/hcn:1.0.0': 'docker.io/anna-repo/hcn:1.0.0',
    'registry.bank.example/anna/hcn': 'registry.bank.example/anna/hcn:latest',
    'localhost/hcn:1': 'localhost/hcn:1',
    'localhost:5000/hcn': 'localhost:5000/hcn:latest',
  };
  for (const [short, full] of Object.entries(pairs)) assert.equal(fullName(short), full);
});

test('a catalogue gives one image for each folder that its patterns lead to, the first pattern first', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'rehome-images-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const path of ['images/hcn/1.0.0', 'images/hcn/1.1.0', 'images/web/1.0.0', 'special/hcn/1.0.0']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  const found = imagesOf(root, {
    'anna-repo/hcn:{version}': 'special/hcn/{version}',
    'anna-repo/{app}:{version}': 'images/{app}/{version}',
    // every version is the same: no folder says which there are
    'ledger:{version}': 'images/web/1.0.0',
  });
  assert.deepEqual(found.map(({ name, folder }) => `${name} ${folder.slice(root.length + 1)}`).sort(), [
    'anna-repo/hcn:1.0.0 special/hcn/1.0.0',
    'anna-repo/hcn:1.1.0 images/hcn/1.1.0',
    'anna-repo/web:1.0.0 images/web/1.0.0',
  ]);
});
