import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { processesOf } from '../../scripts/demo/processes.ts';
import { without } from '../support/platforms.ts';

test('Ctrl-C in the middle of the demo leaves no process and no folder behind', {
  skip: without('mesos'),
}, async (t) => {
  const script = resolve(import.meta.dirname, '../../scripts/demo/demo.ts');
  const demo = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => demo.kill('SIGKILL'));
  const ended = once(demo, 'exit');
  let folder = '';
  let seen = 0;
  const lines: string[] = [];
  for await (const line of createInterface({ input: demo.stdout })) {
    lines.push(line);
    folder ||= /\S*\/rehome-demo-\w+/.exec(line)?.[0] ?? '';
    if (!line.includes('hcn 1.0.0 is live') || seen > 0) continue;
    seen = processesOf(folder).length;
    demo.kill('SIGINT');
  }
  assert.deepEqual(await ended, [130, null], lines.join('\n'));
  // The lab, the edge and two instances at least.
  assert.ok(seen >= 4, `${seen} processes were there`);
  assert.deepEqual(processesOf(folder), []);
  assert.equal(existsSync(folder), false);
});
