import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deployment, ended } from '../testing/deployments.ts';
import { runCli } from '../testing/run-cli.ts';
import { shells } from './scripts.ts';

const rehome = join(import.meta.dirname, '../../../bin/rehome');
const operations = {
  history: async () => [deployment({ attended: false }), ended('done', { deployment: 'd-2' })],
};

const asked: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['dep', ['deploy']],
  ['lock ', ['status', 'release']],
  ['lab d', ['down']],
  ['move st', ['status']],
  ['move a', ['approve', 'account']],
  ['move back h', ['hcn']],
  ['move account -e test1 --to test1', ['test1', 'test1.mesos', 'test1.k8s']],
  ['deploy ', ['account:', 'hcn:']],
  ['deploy hcn:1.0.0 a', ['account:']],
  ['deploy -e t', ['test', 'test1', 'test.mesos', 'test1.mesos', 'test1.k8s']],
  ['deploy --environment=p', ['--environment=prod', '--environment=prod.mesos']],
  ['deploy --strategy b', ['blue-green']],
  ['status -e p', ['prod']],
  ['status h', ['hcn']],
  ['show d', ['d-7f3a', 'd-2']],
  ['resume d', ['d-7f3a']],
  ['deploy -e test1 hcn:1.0.0 --dr', ['--dry-run']],
  ['deploy --dry-run --dr', []],
  ['completion ', [...shells]],
  ['help ren', ['render']],
  ['explain lock-h', ['lock-held']],
  ['run hcn -- ', []],
  ['worker --on', ['--once']],
];
for (const [line, words] of asked) {
  test(`rehome ${line}… could go on as ${words.join(', ') || 'nothing'}`, async () => {
    const ran = await runCli(['__complete', '--', ...line.split(' ')], { operations });
    const told = ran.stdout
      .split('\n')
      .filter(Boolean)
      .map((each) => each.split('\t')[0]);
    assert.deepEqual(told, words);
  });
}

test('without a workspace the commands themselves are completed still', async () => {
  const ran = await runCli(['__complete', '--', 'deploy', '']);
  assert.deepEqual([ran.code, ran.stdout], [0, '']);
});

const hasBash = spawnSync('bash', ['--version']).status === 0;
test('the script for bash completes, also behind : and =', {
  skip: hasBash ? false : 'bash is not installed',
}, () => {
  assert.deepEqual(bash('rehome lo', ['rehome', 'lo']), ['lock', 'logs']);
  assert.deepEqual(bash('rehome lock ', ['rehome', 'lock', '']), ['status', 'release']);
  assert.deepEqual(bash('rehome deploy --strategy=b', ['rehome', 'deploy', '--strategy', '=', 'b']), [
    'blue-green',
  ]);
  assert.deepEqual(bash('rehome deploy --strategy=', ['rehome', 'deploy', '--strategy', '=']), [
    '=rolling',
    '=blue-green',
    '=canary',
  ]);
});

for (const shell of shells) {
  const there = spawnSync(shell, ['-c', 'true']).status === 0;
  test(`the script for ${shell} is understood by ${shell}`, {
    skip: there ? false : `${shell} is not installed`,
  }, async () => {
    const { stdout } = await runCli(['completion', shell]);
    const folder = mkdtempSync(join(tmpdir(), 'rehome-completion-'));
    writeFileSync(join(folder, 'script'), stdout);
    const checked = spawnSync(shell, ['-n', join(folder, 'script')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.deepEqual([checked.status, checked.stderr], [0, '']);
  });
}

test('there is no script for another shell', async () => {
  assert.match((await runCli(['completion', 'tcsh'])).stderr, /no completion for "tcsh" \[usage\]/);
});

/** What bash would offer, with the words as bash itself splits them. */
function bash(line: string, words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `
    source <('${rehome}' completion bash)
    compopt() { :; }
    rehome() { '${rehome}' "$@"; }
    COMP_LINE='${line}' COMP_POINT=${line.length} COMP_CWORD=${words.length - 1}
    COMP_WORDS=(${quoted})
    _rehome
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' }).trimEnd().split('\n');
}
