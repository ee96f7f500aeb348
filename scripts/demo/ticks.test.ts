import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { countTicks } from './ticks.ts';

const start = Date.UTC(2026, 0, 5);
const count = (t: TestContext, seconds: readonly number[], end: number) =>
  countTicks(fileOf(t, seconds), 5_000, start, start + end * 1_000);

test('ticks that came in time are neither missed nor doubled, however long a process takes to start', (t) => {
  assert.deepEqual(count(t, [1.3, 6.1, 11.9, 16.2], 20), { expected: 4, missed: 0, doubled: 0 });
});

test('a tick that has not had its time yet is not expected', (t) => {
  assert.deepEqual(count(t, [1, 6], 12), { expected: 2, missed: 0, doubled: 0 });
  assert.deepEqual(count(t, [1, 6], 14), { expected: 3, missed: 1, doubled: 0 });
});

test('gaps and repetitions are counted', (t) => {
  assert.deepEqual(count(t, [1, 1.2, 11, 16, 16.4], 20), { expected: 4, missed: 1, doubled: 2 });
});

test('a schedule that began late or never has missed ticks', (t) => {
  assert.deepEqual(count(t, [13, 18], 21), { expected: 4, missed: 2, doubled: 0 });
  assert.deepEqual(countTicks('/nowhere', 5_000, start, start + 21_000), {
    expected: 3,
    missed: 3,
    doubled: 0,
  });
});

function fileOf(t: TestContext, seconds: readonly number[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ticks.jsonl');
  const lines = seconds.map((second) => JSON.stringify({ at: new Date(start + second * 1_000) }));
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}
