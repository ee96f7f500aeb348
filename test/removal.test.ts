import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { without } from './support/platforms.ts';

const project = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'rehome-without-'));
after(() => rmSync(folder, { recursive: true }));

/** The abstraction is tested by cutting: without the folder of a platform and its line everything else passes. */
test('without the platform mesos the rest compiles and passes', { skip: without('mesos') }, () => {
  for (const name of ['src', 'test', 'scripts', 'docs', 'bin', 'examples', 'package.json', 'tsconfig.json']) {
    cpSync(join(project, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  rmSync(join(folder, 'src/platforms/mesos'), { recursive: true });
  const list = join(folder, 'src/platforms/index.ts');
  writeFileSync(list, withoutMesos(readFileSync(list, 'utf8')));

  const compiled = spawnSync(join(project, 'node_modules/.bin/tsc'), ['-p', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(compiled.status, 0, compiled.stdout);

  // The lab and the edge know no platform, and whole labs are driven by the tests beside this one.
  const files = globSync(['src/**/*.test.ts', 'scripts/*.test.ts', 'test/*.test.ts'], { cwd: folder }).filter(
    (file) => !/^(src\/(lab|edges|cli\/progress)|test\/(removal|pack))/.test(file),
  );
  const tested = spawnSync(process.execPath, ['--test', '--test-reporter=tap', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(
    tested.status,
    0,
    tested.stdout
      .split('\n')
      .filter((line) => /not ok/.test(line))
      .join('\n'),
  );
  assert.match(tested.stdout, /# pass [1-9]\d\d/);
});

function withoutMesos(list: string): string {
  const cut = list.replace(/^import .*\.\/mesos\/.*\n/m, '').replace(/\bmesos,\s*|,\s*mesos\b/, '');
  assert.notEqual(cut, list);
  assert.ok(!cut.includes('mesos'), cut);
  return cut;
}
