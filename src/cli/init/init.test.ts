import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { without } from '../../../test/support/platforms.ts';
import { openWorkspace } from '../../manifest/open.ts';
import { isFailure } from '../../model/failure.ts';
import { plugins } from '../../rehome.ts';
import { failureText } from '../output/failure-text.ts';
import { style } from '../output/style.ts';
import { runCli } from '../testing/run-cli.ts';

const skip = without('mesos');

test('init writes a workspace that is read without an error', { skip }, async (t) => {
  const folder = workspaceFolder(t);
  const ran = await runCli(['init', 'bank'], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  const workspace = openWorkspace(join(folder, 'bank'), plugins);
  assert.ok(!isFailure(workspace), isFailure(workspace) ? failureText(workspace, style(false)) : '');
  const { environments } = workspace;
  assert.deepEqual(Object.keys(environments), ['test', 'test1', 'test2', 'prod']);
  assert.deepEqual(
    Object.values(environments).map((each) => each.protected),
    [false, false, false, true],
  );
  assert.deepEqual(workspace.manifests, { hello: 'services/hello.yml' });
  assert.equal(statSync(join(folder, 'bank/sync.sh')).mode & 0o777, 0o755);
});

test('the schemas that init writes accept what init writes, and no unknown key', { skip }, async (t) => {
  const folder = workspaceFolder(t);
  await runCli(['init'], { cwd: folder });
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const [file, line] of [
    ['rehome.yaml', /\$schema=(\S+)/],
    ['services/hello.yml', /\$schema=\.\.\/(\S+)/],
  ] as const) {
    const text = readFileSync(join(folder, file), 'utf8');
    const schema = line.exec(text)?.[1] ?? '';
    const validate = ajv.compile(JSON.parse(readFileSync(join(folder, schema), 'utf8')));
    assert.ok(validate(parse(text)), JSON.stringify(validate.errors));
    assert.equal(validate({ ...parse(text), nonsense: 1 }), false);
  }
});

test('init leaves what is there, and says so', async (t) => {
  const folder = workspaceFolder(t);
  writeFileSync(join(folder, 'sync.sh'), 'mine');
  const dry = await runCli(['init', '--dry-run', '--json'], { cwd: folder });
  assert.deepEqual(JSON.parse(dry.stdout).left, ['sync.sh']);
  assert.equal(existsSync(join(folder, 'rehome.yaml')), false);
  const ran = await runCli(['init'], { cwd: folder });
  assert.match(ran.stdout, /left {2}sync\.sh, which is there already/);
  assert.equal(readFileSync(join(folder, 'sync.sh'), 'utf8'), 'mine');
  const again = JSON.parse((await runCli(['init', '--json'], { cwd: folder })).stdout);
  assert.deepEqual(again.written, []);
});

test('a file in the place of a folder is told', async (t) => {
  const folder = workspaceFolder(t);
  writeFileSync(join(folder, 'services'), '');
  const ran = await runCli(['init'], { cwd: folder });
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /services\/hello\.yml cannot be written \[file-unusable\]/);
});

const lines: readonly (readonly [script: string, words: string, becomes: string])[] = [
  ['deploy-app.sh', '-e test hcn:1.0.0', 'deploy --workspace DIR -e test hcn:1.0.0'],
  [
    'deploy-app.sh',
    '-e test hcn:1.0.0 --dry-run --json',
    'deploy --workspace DIR -e test hcn:1.0.0 --dry-run --json',
  ],
  ['deploy-k8s-app.sh', '-e test hcn:1.0.0', 'deploy --workspace DIR -e test.k8s hcn:1.0.0'],
  ['deploy-k8s-app.sh', 'hcn:1.0.0 -etest --yes', 'deploy --workspace DIR hcn:1.0.0 -etest.k8s --yes'],
  ['deploy-k8s-app.sh', '-e=test hcn:1.0.0', 'deploy --workspace DIR -etest.k8s hcn:1.0.0'],
  [
    'deploy-k8s-app.sh',
    '--environment test hcn:1.0.0',
    'deploy --workspace DIR --environment test.k8s hcn:1.0.0',
  ],
  [
    'deploy-k8s-app.sh',
    '--environment=test a:1 b:2',
    'deploy --workspace DIR --environment=test.k8s a:1 b:2',
  ],
  ['deploy-k8s-app.sh', '-e test.k8s hcn:1.0.0', 'deploy --workspace DIR -e test.k8s hcn:1.0.0'],
  ['deploy-k8s-app.sh', '--help', 'deploy --workspace DIR --help'],
  ['sync.sh', '-e test2 -t test1', 'sync --workspace DIR -e test2 -t test1'],
  [
    'sync.sh',
    '-e testX.k8s -t testX --parallel 8',
    'sync --workspace DIR -e testX.k8s -t testX --parallel 8',
  ],
];
test('the scripts pass on what people type, from any folder', async (t) => {
  const folder = join(workspaceFolder(t), "a folder's name");
  mkdirSync(folder);
  await runCli(['init'], { cwd: folder });
  const recorder = writeRecorder(join(folder, 'recorder'));
  for (const [script, words, becomes] of lines) {
    const told = execFileSync(join(folder, script), words.split(' '), {
      cwd: '/',
      env: { ...process.env, REHOME: recorder },
      encoding: 'utf8',
    });
    assert.equal(told.trimEnd().replace(folder, 'DIR'), becomes);
  }
});

test('the scripts find rehome in node_modules, on the PATH, or where it was used last; else they say so', async (t) => {
  const folder = workspaceFolder(t);
  await runCli(['init'], { cwd: folder });
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  for (const name of ['sh', 'dirname'])
    symlinkSync(
      execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
      join(tools, name),
    );
  const sync = () =>
    execFileSync(join(folder, 'sync.sh'), ['-e', 'a'], {
      env: { PATH: tools },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  writeRecorder(join(folder, '.rehome/rehome'), 'from the one used last');
  assert.match(sync(), /^from the one used last sync/);
  rmSync(join(folder, '.rehome/rehome'));
  assert.throws(
    sync,
    (error: { status?: number; stderr?: string }) =>
      error.status === 2 && /not installed/.test(error.stderr ?? ''),
  );
  writeRecorder(join(tools, 'rehome'), 'from the path');
  assert.match(sync(), /^from the path sync/);
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeRecorder(join(folder, 'node_modules/.bin/rehome'), 'from node_modules');
  assert.match(sync(), /^from node_modules sync/);
});

function writeRecorder(path: string, prefix = ''): string {
  writeFileSync(path, `#!/bin/sh\necho ${prefix} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

function workspaceFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-init-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
