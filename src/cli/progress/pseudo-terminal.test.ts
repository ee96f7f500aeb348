import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { terminal } from '../testing/terminal.ts';

const story = join(import.meta.dirname, '../testing/story.ts');
const without = spawnSync('script', ['--version']).stdout?.includes('util-linux')
  ? false
  : 'needs script(1) of util-linux, which makes a pseudo terminal';

test('in a real terminal that is resized, the last frame and the banner stay, and nothing else', {
  skip: without,
}, () => {
  const ran = inTerminal('100', '60');
  const [before = '', to = '', after = ''] = ran.output.split('\0');
  assert.equal(to, '60');
  assert.ok(before.includes('\u001b[?25l'), 'the cursor was never hidden: it did not draw');
  const shown = terminal(100, 24);
  shown.write(before);
  shown.resize(60, 24);
  shown.write(after);
  assert.deepEqual(shown.lines(), [
    'hcn 1.0.0 → test1                                      12 s',
    '  ✓ lock      taken                                   0.0 s',
    '  ✓ check     4 rules, nothing found                  1.0 s',
    '  ✓ migrate   schema 1.0.0 after 1 s                  1.0 s',
    '  ✓ rollout   4 of 4 healthy                          9.0 s',
    '  – crons     no crons',
    '✓ hcn 1.0.0 is live in test1 (12 s)',
  ]);
  assert.equal(shown.cursorShown, true);
  assert.equal(ran.code, 0);
});

test('where stderr is no terminal nothing is redrawn', () => {
  const ran = spawnSync(process.execPath, [story], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  assert.ok(!ran.stderr.includes('\u001b'));
  assert.match(ran.stderr, /rollout: 2 of 4 healthy; health check \/health answers 500\n/);
});

/** Runs the story in a pseudo terminal of some columns that gets others in its middle. */
function inTerminal(columns: string, later: string): { output: string; code: number | null } {
  const line = `stty cols ${columns} rows 24; exec '${process.execPath}' '${story}' ${later}`;
  const env = { ...process.env, NO_COLOR: '1', TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh' };
  const ran = spawnSync('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    encoding: 'utf8',
    env,
  });
  return { output: ran.stdout, code: ran.status };
}
