import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openBench, taskOf, until } from '../testing.ts';
import { isTerminal } from './agent.ts';
import { signalGroup } from './process-group.ts';
import { files } from './sandbox.ts';

test('what runs is adopted: same process, same ports, its end is seen, it can be killed', async (context) => {
  const bench = await openBench(context);
  const first = await bench.agent().launch('t.1', taskOf('sleep 60', { ports: [{}] }));
  await bench.agent().launch('t.2', taskOf('sleep 60'));
  const agent = await bench.restart();
  const adopted = agent.task('t.1');
  assert.deepEqual([adopted?.state, adopted?.pid, adopted?.ports], ['TASK_RUNNING', first.pid, first.ports]);
  const other = await agent.launch('t.3', taskOf('sleep 60', { ports: [{}] }));
  assert.notDeepEqual(other.ports, first.ports);
  signalGroup(first.pid ?? 0, 'SIGKILL');
  await until('the end is seen', () => agent.task('t.1')?.state === 'TASK_FAILED');
  agent.kill('t.2');
  await until('the kill is seen', () => agent.task('t.2')?.state === 'TASK_KILLED');
});

test('exit codes of tasks that run once survive, services that vanished have failed', async (context) => {
  const bench = await openBench(context);
  const go = join(bench.root, 'go');
  const wait = `while [ ! -e ${go} ]; do sleep 0.02; done;`;
  const tasks = [
    await bench.agent().launch('once-0', taskOf(`${wait} exit 0`, { once: true })),
    await bench.agent().launch('once-7', taskOf(`${wait} exit 7`, { once: true })),
    await bench.agent().launch('service', taskOf(`${wait} exit 0`)),
  ];
  await bench.agent().close();
  fs.writeFileSync(go, '');
  await until('all are gone', () => tasks.every(({ pid }) => !fs.existsSync(`/proc/${pid}`)));
  const agent = await bench.restart();
  const states = tasks.map(({ id }) => [agent.task(id)?.state, agent.task(id)?.exitCode]);
  assert.deepEqual(states, [
    ['TASK_FINISHED', 0],
    ['TASK_FAILED', 7],
    ['TASK_FAILED', undefined],
  ]);
});

test('a task that runs once and ends after its adoption keeps its exit code', async (context) => {
  const bench = await openBench(context);
  const go = join(bench.root, 'go');
  const spec = taskOf(`while [ ! -e ${go} ]; do sleep 0.02; done; exit 5`, { once: true });
  await bench.agent().launch('once', spec);
  const agent = await bench.restart();
  fs.writeFileSync(go, '');
  await until('it ends', () => isTerminal(agent.task('once')?.state ?? 'TASK_RUNNING'));
  assert.equal(agent.task('once')?.exitCode, 5);
});

test('a launch that was cut off before the process began is lost, and the process never begins', async (context) => {
  const bench = await openBench(context);
  const launched = await bench.agent().launch('t.1', taskOf('sleep 60'));
  await bench.agent().stop(0);
  await bench.agent().close();
  // as if the daemon had died between the intent and the start
  const path = join(launched.sandbox, files.record);
  const record = JSON.parse(fs.readFileSync(path, 'utf8'));
  const { pid: _pid, startedAt: _at, endedAt: _end, ...task } = record.task;
  fs.writeFileSync(path, JSON.stringify({ task: { ...task, state: 'TASK_STARTING', message: '' } }));
  fs.rmSync(join(launched.sandbox, files.claim), { force: true });
  fs.rmSync(join(launched.sandbox, files.pid), { force: true });
  const agent = await bench.restart();
  assert.equal(agent.task('t.1')?.state, 'TASK_LOST');
  assert.ok(fs.existsSync(join(launched.sandbox, files.claim)), 'the launch is given up for good');
});

test('a process whose launch was given up ends before it runs the command', async (context) => {
  const bench = await openBench(context);
  const sandbox = join(bench.folder, 'sandboxes', 't.1');
  fs.mkdirSync(sandbox);
  fs.writeFileSync(join(sandbox, files.claim), '');
  const agent = bench.agent();
  await agent.launch('t.1', taskOf('echo ran'));
  await until('it ends', () => agent.task('t.1')?.state === 'TASK_FAILED');
  assert.equal(fs.readFileSync(join(sandbox, 'stdout'), 'utf8'), '');
});

test('a launch whose process began but was not written down is found by what it wrote itself', async (context) => {
  const bench = await openBench(context);
  const launched = await bench.agent().launch('t.1', taskOf('sleep 60'));
  await until('it claims', () => fs.existsSync(join(launched.sandbox, files.claim)));
  await bench.agent().close();
  const path = join(launched.sandbox, files.record);
  const record = JSON.parse(fs.readFileSync(path, 'utf8'));
  const { pid: _pid, startedAt: _at, ...task } = record.task;
  fs.writeFileSync(path, JSON.stringify({ task: { ...task, state: 'TASK_STARTING' } }));
  const agent = await bench.restart();
  assert.deepEqual([agent.task('t.1')?.state, agent.task('t.1')?.pid], ['TASK_RUNNING', launched.pid]);
});

test('a pid that belongs to somebody else by now is neither adopted nor harmed', async (context) => {
  const bench = await openBench(context);
  const mine = await bench.agent().launch('t.1', taskOf('sleep 60'));
  await bench.agent().close();
  const path = join(mine.sandbox, files.record);
  const record = JSON.parse(fs.readFileSync(path, 'utf8'));
  fs.writeFileSync(path, JSON.stringify({ ...record, task: { ...record.task, pid: process.pid } }));
  signalGroup(mine.pid ?? 0, 'SIGKILL');
  const agent = await bench.restart();
  assert.equal(agent.task('t.1')?.state, 'TASK_FAILED');
});

test('a kill that was begun is carried on', async (context) => {
  const bench = await openBench(context);
  const deaf = taskOf(`trap '' TERM; echo 1 >ready; while :; do sleep 0.05; done`, { killGraceMs: 300 });
  const task = await bench.agent().launch('t.1', deaf);
  await until('it is deaf', () => fs.existsSync(join(task.sandbox, 'ready')));
  bench.agent().kill('t.1');
  const agent = await bench.restart();
  assert.equal(agent.task('t.1')?.state, 'TASK_KILLING');
  await until('it is killed', () => agent.task('t.1')?.state === 'TASK_KILLED');
});

test('a damaged record is reported and harms nobody else', async (context) => {
  const bench = await openBench(context);
  await bench.agent().launch('t.1', taskOf('sleep 60'));
  const folder = join(bench.folder, 'sandboxes', 'broken');
  fs.mkdirSync(folder);
  fs.writeFileSync(join(folder, files.record), '{"task":');
  const agent = await bench.restart();
  assert.equal(agent.task('t.1')?.state, 'TASK_RUNNING');
  assert.match(agent.problems.join(), /broken.*cannot be read/);
});
