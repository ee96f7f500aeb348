import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const project = resolve(import.meta.dirname, '../..');
const rehome = join(project, 'bin/rehome');
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));

test('bin/rehome runs from any folder, through links, and by a relative path', (t) => {
  const folder = newFolder(t);
  symlinkSync(rehome, join(folder, 'one'));
  symlinkSync('one', join(folder, 'two'));
  for (const [program, cwd] of [
    [rehome, '/'],
    [join(folder, 'one'), '/'],
    ['./two', folder],
    ['bin/rehome', project],
    ['./rehome', join(project, 'bin')],
  ] as const) {
    assert.equal(execFileSync(program, ['--version'], { cwd, encoding: 'utf8' }), `${version}\n`, program);
  }
  assert.equal(
    execFileSync('sh', ['rehome', '-V'], { cwd: join(project, 'bin'), encoding: 'utf8' }),
    `${version}\n`,
  );
});

test('bin/rehome says what is missing, and takes a new enough node of the machine', (t) => {
  const folder = newFolder(t);
  mkdirSync(join(folder, 'bin'));
  cpSync(rehome, join(folder, 'bin/rehome'));
  mkdirSync(join(folder, 'tools'));
  const run = () =>
    spawnSync(join(folder, 'bin/rehome'), ['--version'], {
      encoding: 'utf8',
      env: { PATH: join(folder, 'tools') },
    });
  assert.deepEqual([run().status, /node_modules is missing: run `npm ci` in/.test(run().stderr)], [2, true]);
  mkdirSync(join(folder, 'node_modules'));
  assert.deepEqual([run().status, /found none/.test(run().stderr)], [2, true]);
  fakeNode(folder, 'v20.20.2');
  assert.deepEqual([run().status, /needs Node 24 or newer, found v20\.20\.2/.test(run().stderr)], [2, true]);
  fakeNode(folder, 'v25.0.0');
  assert.deepEqual(
    [run().status, run().stdout],
    [0, `ran --max-semi-space-size=2 ${folder}/bin/../src/cli/main.ts --version\n`],
  );
});

test('the top-level help loads nothing but the list, and a bare rehome is a mistake', () => {
  const asked = spawnSync(rehome, ['--help'], { encoding: 'utf8' });
  assert.equal(asked.status, 0);
  assert.match(asked.stdout, /^ {2}deploy +deploy apps, each as one durable process$/m);
  const bare = spawnSync(rehome, [], { encoding: 'utf8' });
  assert.deepEqual([bare.status, bare.stdout], [2, asked.stdout]);
  const loaded = execFileSync(process.execPath, ['-e', countLoaded], {
    encoding: 'utf8',
    cwd: project,
  });
  assert.deepEqual(
    loaded
      .trim()
      .split('\n')
      .map((url) => url.replace(/^.*\/src\/cli\//, ''))
      .sort(),
    ['groups.ts', 'help/overview.ts', 'index.ts', 'main.ts'],
  );
});

test('nobody reading stdout any more ends it without a word', async () => {
  const child = spawn(rehome, ['completion', 'bash'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((ended) => child.once('close', ended));
  assert.deepEqual([code, stderr], [0, '']);
});

/** Prints the modules of ours that `rehome --help` loads. */
const countLoaded = `
  const { registerHooks } = require('node:module');
  const { writeSync } = require('node:fs');
  const loaded = [];
  registerHooks({ load(url, context, next) {
    if (url.includes('/src/')) loaded.push(url);
    return next(url, context);
  } });
  process.argv = [process.argv[0], 'rehome', '--help'];
  process.stdout.write = () => true;
  import('./src/cli/main.ts').then(() => writeSync(1, loaded.join('\\n')));
`;

function fakeNode(folder: string, is: string): void {
  const path = join(folder, 'tools/node');
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo ${is}; else echo "ran $*"; fi\n`);
  chmodSync(path, 0o755);
}

function newFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-bin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
