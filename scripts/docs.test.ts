import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { without } from '../test/support/platforms.ts';
import { pages } from './pages.ts';

/** The pages are written with every platform in the house. */
const skip = without('mesos') || without('local');

for (const { file, text } of pages()) {
  test(`${file} is up to date`, { skip }, () => {
    const written = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
    assert.ok(written === text, `${file} is out of date: run npm run docs`);
  });
}
