import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBench, taskOf, until } from '../testing.ts';
import { cutLongLogs, lastLines } from './log-files.ts';

test('a long log is cut under the running task, keeps its last part, and goes on', async (context) => {
  const agent = (await openBench(context)).agent();
  const go = join(fs.mkdtempSync(join(tmpdir(), 'rehome-go-')), 'go');
  context.after(() => fs.rmSync(join(go, '..'), { recursive: true }));
  const many = 'i=0; while [ $i -lt 500 ]; do echo "line $i"; i=$((i+1)); done; echo full >&2';
  const wait = `while [ ! -e ${go} ]; do sleep 0.02; done; echo after; sleep 60`;
  const { sandbox } = await agent.launch('t.1', taskOf(`${many}; ${wait}`));
  const [out, err] = [join(sandbox, 'stdout'), join(sandbox, 'stderr')];
  await until('the log is full', () => lastLines(err, 1).length === 1);
  assert.deepEqual(cutLongLogs(agent.tasks(), 1_000), [out]);
  assert.deepEqual(lastLines(`${out}.1`, 2), ['line 498', 'line 499']);
  assert.ok(fs.statSync(`${out}.1`).size <= 1_000);
  fs.writeFileSync(go, '');
  await until('it goes on', () => lastLines(out, 1)[0] === 'after');
  assert.equal(lastLines(out, 9).length, 2, 'the note, then the new line');
  assert.deepEqual(cutLongLogs(agent.tasks(), 1_000), []);
});

test('the last lines are whole lines, however long the file is', (context) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'rehome-log-'));
  context.after(() => fs.rmSync(folder, { recursive: true }));
  const path = join(folder, 'log');
  assert.deepEqual(lastLines(path, 5), []);
  fs.writeFileSync(path, `${'ü'.repeat(300_000)}\nlast but one\nlast`);
  assert.deepEqual(lastLines(path, 2), ['last but one', 'last']);
  assert.deepEqual(lastLines(path, 9), ['last but one', 'last']);
  assert.deepEqual(lastLines(path, 0), []);
});
