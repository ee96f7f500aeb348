import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const project = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'rehome-without-'));
after(() => rmSync(folder, { recursive: true }));

/** The abstraction is tested by cutting: without the folder of a platform and its line the rest is whole. */
test('without the platform mesos the rest compiles, and the house still stands', () => {
  for (const name of ['src', 'test', 'scripts', 'docs', 'bin', 'examples', 'package.json', 'tsconfig.json']) {
    cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  rmSync(join(folder, 'src/platforms/mesos'), { recursive: true });
  const list = join(folder, 'src/platforms/index.ts');
  const text = readFileSync(list, 'utf8');
  writeFileSync(list, withoutMesos(text));

  const compiled = spawnSync(join(project, 'node_modules/.bin/tsc'), ['-p', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(compiled.status, 0, compiled.stdout);
  const rooms = ['model', 'manifest', 'features', 'compile', 'rules', 'plan', 'operations', 'process/steps'];
  const files = ['test/architecture.test.ts', ...rooms.map((room) => `src/${room}/**/*.test.ts`)];
  const tested = spawnSync(process.execPath, ['--test', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(tested.status, 0, tested.stdout);
});

function withoutMesos(list: string): string {
  const without = list.replace(/^import .*\.\/mesos\/.*\n/m, '').replace(/\bmesos,\s*|,\s*mesos\b/, '');
  assert.notEqual(without, list);
  assert.ok(!without.includes('mesos'), without);
  return without;
}
