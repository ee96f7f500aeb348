import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandsPage } from './docs-commands.ts';

test('docs/commands.md is up to date', async () => {
  const { file, text } = await commandsPage();
  const written = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
  assert.ok(written === text, `${file} is out of date: run npm run docs`);
});
