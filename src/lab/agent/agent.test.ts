import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { must, openBench, taskOf, until } from '../testing.ts';
import { type Agent, isTerminal, type Task, type TaskSpec } from './agent.ts';
import { exists, isAlive } from './process-group.ts';

const read = (task: Task, name = 'stdout'): string => fs.readFileSync(join(task.sandbox, name), 'utf8');
const pidIn = (task: Task, name: string): Promise<number> =>
  until(`${name} is written`, () => {
    const path = join(task.sandbox, name);
    return fs.existsSync(path) ? Number(fs.readFileSync(path, 'utf8')) : 0;
  });
const gone = (pid: number) => until(`${pid} is gone`, () => !isAlive(pid, undefined));

async function ended(agent: Agent, id: string): Promise<Task> {
  await until(`${id} ends`, () => isTerminal(agent.task(id)?.state ?? 'TASK_RUNNING'));
  const task = agent.task(id);
  assert.ok(task);
  return task;
}

async function runToEnd(context: TestContext, spec: TaskSpec): Promise<Task> {
  const agent = (await openBench(context)).agent();
  await agent.launch('t.1', spec);
  return ended(agent, 't.1');
}

test('a task goes through its states, each told once, after it was written down', async (context) => {
  const bench = await openBench(context);
  const agent = bench.agent();
  const told: string[] = [];
  agent.on(({ task }) => {
    const record = JSON.parse(fs.readFileSync(join(task.sandbox, '.task.json'), 'utf8'));
    assert.equal(record.task.state, task.state);
    told.push(task.state);
  });
  const running = await agent.launch('t.1', taskOf('echo out; echo err >&2; exit 3'));
  assert.ok(running.pid);
  const task = await ended(agent, 't.1');
  assert.deepEqual(told, ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
  assert.equal(task.message, 'Command exited with status 3');
  assert.equal(task.exitCode, 3);
  assert.equal(read(task), 'out\n');
  assert.equal(read(task, 'stderr'), 'err\n');
});

test('status 0 is TASK_FINISHED, for services and for tasks that run once', async (context) => {
  assert.equal((await runToEnd(context, taskOf('true'))).state, 'TASK_FINISHED');
  const once = await runToEnd(context, taskOf('exit 0', { once: true }));
  assert.deepEqual([once.state, once.exitCode], ['TASK_FINISHED', 0]);
});

test('a signal from elsewhere is a failure that names the signal', async (context) => {
  for (const once of [false, true]) {
    const task = await runToEnd(context, taskOf('kill -9 $$', { once }));
    assert.deepEqual([task.state, task.message], ['TASK_FAILED', 'Command terminated with signal 9']);
  }
});

test('an id is launched once, however often it is asked for', async (context) => {
  const agent = (await openBench(context)).agent();
  const spec = taskOf('echo x; sleep 60');
  await Promise.all([agent.launch('t.1', spec), agent.launch('t.1', spec)]);
  await agent.launch('t.1', spec);
  const task = await until('output', () => {
    const now = agent.task('t.1');
    return now && read(now) ? now : undefined;
  });
  assert.equal(read(task), 'x\n');
  assert.equal(agent.tasks().length, 1);
});

test('the environment has the ports, the ids and nothing of the operator', async (context) => {
  process.env['REHOME_TEST_SECRET'] = 'hidden';
  context.after(() => delete process.env['REHOME_TEST_SECRET']);
  const spec = taskOf('env', {
    ports: [{ env: ['PORT_HTTP', 'PORT_10000'] }, {}],
    env: { HOST: 'mine', GREETING: 'a b\n"c"' },
  });
  const task = await runToEnd(context, spec);
  const [first, second] = task.ports;
  const env = read(task);
  for (const line of [`PORT=${first}`, `PORT0=${first}`, `PORT1=${second}`, `PORTS=${first},${second}`]) {
    assert.ok(env.includes(`${line}\n`), line);
  }
  assert.match(env, new RegExp(`PORT_HTTP=${first}\n`));
  assert.match(env, new RegExp(`PORT_10000=${first}\n`));
  assert.match(env, /MESOS_TASK_ID=t\.1\n/);
  assert.ok(env.includes(`MESOS_SANDBOX=${task.sandbox}\n`));
  assert.match(env, /HOST=mine\n/);
  assert.match(env, /GREETING=a b\n"c"\n/);
  assert.doesNotMatch(env, /hidden/);
  assert.doesNotMatch(fs.readFileSync(join(task.sandbox, '.task.json'), 'utf8'), /GREETING/);
});

test('a command sees the folder of its image as working directory, at /app, and its bin first', async (context) => {
  const bench = await openBench(context, { images: { 'repo/{app}:{version}': 'images/{app}/{version}' } });
  const folder = join(bench.root, 'images', 'hcn', '1.0.0');
  fs.mkdirSync(join(folder, 'bin'), { recursive: true });
  fs.writeFileSync(join(folder, 'name.txt'), 'hcn\n');
  fs.writeFileSync(join(folder, 'bin', 'python'), '#!/bin/sh\necho "python $1"\n', { mode: 0o755 });
  const agent = bench.agent();
  const look = agent.mounting.works ? 'cat /app/name.txt' : 'cat name.txt';
  await agent.launch(
    't.1',
    taskOf(`pwd; cat name.txt; ${look}; python main.py`, { image: 'repo/hcn:1.0.0' }),
  );
  assert.equal(read(await ended(agent, 't.1')), `${folder}\nhcn\nhcn\npython main.py\n`);
  assert.equal(fs.existsSync('/app/name.txt'), false, 'nobody else sees the mount');
});

test('a missing image fails as it does with Docker, and a new catalogue helps the next task', async (context) => {
  const bench = await openBench(context);
  const agent = bench.agent();
  const spec = taskOf('true', { image: 'repo/hcn:9' });
  const task = await agent.launch('t.1', spec);
  assert.equal(task.state, 'TASK_FAILED');
  assert.match(
    task.message,
    /^Failed to launch container: pull access denied for repo\/hcn:9, image not found/,
  );
  fs.mkdirSync(join(bench.root, 'i', 'hcn'), { recursive: true });
  agent.setImages({ 'repo/{app}:9': 'i/{app}' });
  await agent.launch('t.2', spec);
  assert.equal((await ended(agent, 't.2')).state, 'TASK_FINISHED');
});

test('arguments run without a shell, and an image may bring its own command', async (context) => {
  const bench = await openBench(context, { images: { 'x:1': 'x' } });
  fs.mkdirSync(join(bench.root, 'x'));
  fs.writeFileSync(join(bench.root, 'x', 'entrypoint'), '#!/bin/sh\necho own\n', { mode: 0o755 });
  const { command: _, ...plain } = taskOf('');
  const agent = bench.agent();
  await agent.launch('t.1', { ...plain, args: ['/bin/echo', '$HOME  *'] });
  await agent.launch('t.2', { ...plain, image: 'x:1' });
  assert.equal(read(await ended(agent, 't.1')), '$HOME  *\n');
  assert.equal(read(await ended(agent, 't.2')), 'own\n');
});

test('killing tells TASK_KILLING, waits for the hold, then ends the group politely', async (context) => {
  const agent = (await openBench(context)).agent();
  const states: string[] = [];
  agent.on(({ task }) => states.push(task.state));
  const task = await agent.launch('t.1', taskOf('sleep 60 & echo $! >child; wait'));
  const child = await pidIn(task, 'child');
  const hold = Promise.withResolvers<void>();
  agent.kill('t.1', { before: () => hold.promise });
  assert.equal(states.at(-1), 'TASK_KILLING');
  assert.ok(isAlive(child, undefined));
  hold.resolve();
  const over = await ended(agent, 't.1');
  assert.deepEqual([over.state, over.message], ['TASK_KILLED', 'Command terminated with signal 15']);
  await gone(child);
});

test('who ignores TERM gets the whole grace, then KILL', async (context) => {
  const agent = (await openBench(context)).agent();
  const spec = taskOf(`trap '' TERM; echo $$ >ready; while :; do sleep 0.05; done`, { killGraceMs: 400 });
  const task = await agent.launch('t.1', spec);
  await pidIn(task, 'ready');
  const asked = Date.now();
  agent.kill('t.1');
  const over = await ended(agent, 't.1');
  assert.ok((over.endedAt ?? 0) - asked >= 400, 'not before the grace was over');
  assert.deepEqual([over.state, over.message], ['TASK_KILLED', 'Command terminated with signal 9']);
  await gone(task.pid ?? 0);
});

test('a grandchild that outlives its parent has its grace, and is killed after it', async (context) => {
  const agent = (await openBench(context)).agent();
  const deaf = `sh -c 'trap "" TERM; echo $$ >deaf; while :; do sleep 0.05; done' &`;
  const task = await agent.launch('t.1', taskOf(`${deaf} sleep 60`, { killGraceMs: 300 }));
  const grandchild = await pidIn(task, 'deaf');
  agent.kill('t.1');
  await ended(agent, 't.1');
  await gone(grandchild);
});

test('what a task leaves behind when it ends by itself is killed', async (context) => {
  const agent = (await openBench(context)).agent();
  const task = await agent.launch('t.1', taskOf('sleep 60 & echo $! >child; exit 1'));
  const child = await pidIn(task, 'child');
  assert.equal((await ended(agent, 't.1')).state, 'TASK_FAILED');
  await gone(child);
});

test('a graceful end within the grace is not cut short, though the shell in front dies at once', async (context) => {
  const agent = (await openBench(context)).agent();
  const drain = `sh -c 'trap "sleep 0.3; echo drained >done; exit 0" TERM; echo 1 >ready; while :; do sleep 0.05; done'`;
  const task = await agent.launch('t.1', taskOf(`${drain}; true`));
  await pidIn(task, 'ready');
  agent.kill('t.1');
  await ended(agent, 't.1');
  assert.equal(read(task, 'done'), 'drained\n');
});

test('a task that runs once may end in its own way when it is killed, and that is known', async (context) => {
  const agent = (await openBench(context)).agent();
  const polite = `trap 'exit 5' TERM; echo 1 >ready; while :; do sleep 0.05; done`;
  const task = await agent.launch('t.1', taskOf(polite, { once: true }));
  await pidIn(task, 'ready');
  agent.kill('t.1');
  const over = await ended(agent, 't.1');
  assert.deepEqual([over.state, over.exitCode], ['TASK_KILLED', 5]);
});

test('a task killed before it started never runs', async (context) => {
  const agent = (await openBench(context)).agent();
  const launched = agent.launch('t.1', taskOf('echo ran'));
  agent.kill('t.1');
  assert.equal((await launched).state, 'TASK_KILLED');
  assert.equal(fs.existsSync(join(must(agent.task('t.1'))?.sandbox ?? '', 'stdout')), false);
});

test('a port that is taken by somebody else is not given; an exact one that is taken fails', async (context) => {
  const bench = await openBench(context);
  const agent = bench.agent();
  const first = await agent.launch('t.1', taskOf('sleep 60', { ports: [{}, {}, {}] }));
  assert.equal(new Set(first.ports).size, 3);
  const taken = createServer().listen({ host: '127.0.0.1', port: 0, exclusive: true });
  await until('listening', () => taken.listening);
  context.after(() => taken.close());
  const address = taken.address();
  assert.ok(address && typeof address === 'object');
  const refused = await agent.launch('t.2', taskOf('sleep 60', { ports: [{ port: address.port }] }));
  assert.equal(refused.message, `Failed to launch container: Port ${address.port} is in use already.`);
});

test('of many ended tasks of one name the last five stay, with their sandboxes', async (context) => {
  const bench = await openBench(context);
  const agent = bench.agent();
  for (let n = 1; n <= 7; n++) {
    await agent.launch(`t.${n}`, taskOf('true'));
    await ended(agent, `t.${n}`);
  }
  assert.deepEqual(
    agent.tasks().map(({ id }) => id),
    ['t.3', 't.4', 't.5', 't.6', 't.7'],
  );
  const left = (): number => fs.readdirSync(join(bench.folder, 'sandboxes')).length;
  await until('the folders are gone', () => left() === 5);
});

test('stop ends everything, what is held too, and names nobody', async (context) => {
  const agent = (await openBench(context)).agent();
  await agent.launch('held', taskOf('sleep 60'));
  agent.kill('held', { before: () => new Promise(() => undefined) });
  const tasks = await Promise.all(
    ['a', 'b', 'c'].map((id) => agent.launch(id, taskOf(`trap '' TERM; while :; do sleep 0.05; done`))),
  );
  assert.deepEqual(await agent.stop(200), []);
  assert.equal(agent.task('held')?.state, 'TASK_KILLED');
  for (const { pid } of tasks) assert.equal(exists(pid ?? 0), false);
  assert.equal((await agent.launch('late', taskOf('sleep 60'))).pid, undefined);
});
