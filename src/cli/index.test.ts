import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { flagsOf } from './arguments/common-flags.ts';
import { findCommand } from './arguments/find-command.ts';
import { parse } from './arguments/parse.ts';
import { commandHelp } from './help/command-help.ts';
import { overview } from './help/overview.ts';
import { list } from './index.ts';
import { golden } from './testing/golden.ts';
import { runCli } from './testing/run-cli.ts';

for (const entry of list) {
  test(`${entry.name}: the list and the command agree, its flags do not clash, its examples can be typed`, async () => {
    const { command } = await entry.load();
    assert.deepEqual([command.name, command.summary], [entry.name, entry.summary]);
    const flags = flagsOf(command);
    const spelled = flags.flatMap(({ name, short }) => (short ? [name, short] : [name]));
    assert.equal(new Set(spelled).size, spelled.length, 'two flags have one name');
    for (const [line] of command.examples) assertCanBeTyped(line);
    if (!entry.hidden)
      assert.ok(command.examples.length > 0 || command.name === 'help', 'an example is missing');
  });

  if (entry.hidden) continue;
  test(`${entry.name} --help`, async (t) => {
    const { command } = await entry.load();
    golden(t, import.meta.dirname, `help-${entry.name.replaceAll(' ', '-')}`, commandHelp(command));
  });
}

test('rehome --help', (t) => {
  golden(t, import.meta.dirname, 'help', overview(list));
});

test('--help anywhere never does anything', async () => {
  for (const words of [
    ['deploy', '--help', 'hcn:1.0.0', '-e', 'test1'],
    ['deploy', 'hcn:1.0.0', '-e', 'test1', '-h'],
    ['--help', 'deploy'],
    ['deploy', '--nonsense', '--help'],
    ['help', 'deploy'],
  ]) {
    const ran = await runCli(words, { operations: {} });
    assert.equal(ran.code, 0);
    assert.match(ran.stdout, /^Deploy apps, each as one durable process\.\n/);
  }
  assert.match((await runCli(['lock', '--help'])).stdout, /lock release/);
  assert.match((await runCli(['lab', 'up', '--help'])).stdout, /^Start the embedded/);
  assert.equal((await runCli(['help', 'nonsense'])).code, 2);
  assert.match(JSON.parse((await runCli(['deploy', '--help', '--json'])).stdout).help, /^Deploy apps/);
});

test('--help behind -- belongs to the command that is run', async () => {
  const run = async () => ({ ok: true, why: 'ran' });
  const ran = await runCli(['run', 'hcn', '-e', 'test1', '--', 'ls', '--help'], { operations: { run } });
  assert.match(ran.stderr, /✓ ran/);
});

/** `rehome deploy …`, as far as a shell would not change it. */
function assertCanBeTyped(line: string): void {
  const [program, ...words] =
    line
      .replace(/^source <\((.*)\)$/, '$1')
      .split(/ [>|] /)[0]
      ?.split(' ') ?? [];
  assert.equal(program, 'rehome', line);
  const found = findCommand(list, words);
  assert.ok(!isFailure(found), line);
}

test('every example is understood', async () => {
  for (const { load } of list) {
    const { command } = await load();
    for (const [line] of command.examples) {
      const words =
        line
          .replace(/^source <\((.*)\)$/, '$1')
          .split(/ > /)[0]
          ?.split(' ')
          .slice(1) ?? [];
      const found = findCommand(list, words);
      assert.ok(!isFailure(found));
      const parsed = parse((await found.entry.load()).command, found.words);
      assert.ok(!isFailure(parsed), isFailure(parsed) ? `${line}: ${parsed.message}` : '');
    }
  }
});
