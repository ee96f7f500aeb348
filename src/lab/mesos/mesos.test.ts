import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Task } from '../agent/agent.ts';
import { type Answer, call } from '../http/testing.ts';
import { must, openBench, taskOf, until } from '../testing.ts';
import { startMesos } from './mesos.ts';

interface Stage {
  readonly running: Task;
  readonly ended: Task;
  readonly foreign: Task;
  get(path: string): Promise<Answer>;
  read(path: string, query?: string): Promise<Answer>;
}

async function open(context: TestContext): Promise<Stage> {
  const bench = await openBench(context);
  const agent = bench.agent();
  const mesos = must(await startMesos({ agent, port: 0, cluster: 'test' }));
  context.after(() => mesos.close());
  const owner = 'marathon:test';
  const labels = { 'rehome.app': 'web' };
  await agent.launch(
    'demo_web.instance-1._app.1',
    taskOf('exec sleep 1000', { owner, name: '/demo/web', ports: [{}], labels }),
  );
  await agent.launch(
    'ct:1:0:sync:',
    taskOf('echo done', { owner: 'chronos:test', name: 'sync', once: true }),
  );
  await agent.launch('other.1', taskOf('exec sleep 1000', { owner: 'marathon:other', name: '/other' }));
  await until('the job has ended', () => agent.task('ct:1:0:sync:')?.state === 'TASK_FINISHED');
  const taskNamed = (id: string): Task => {
    const task = agent.task(id);
    assert.ok(task);
    return task;
  };
  const get = (path: string): Promise<Answer> => call(mesos.url + path);
  return {
    running: taskNamed('demo_web.instance-1._app.1'),
    ended: taskNamed('ct:1:0:sync:'),
    foreign: taskNamed('other.1'),
    get,
    read: (path, query = '') => get(`/files/read?path=${encodeURIComponent(path)}${query}`),
  };
}

interface State {
  readonly slaves: readonly { readonly id: string; readonly pid: string }[];
  readonly frameworks: readonly FrameworkState[];
}
interface FrameworkState {
  readonly name: string;
  readonly tasks: readonly TaskState[];
  readonly completed_tasks: readonly TaskState[];
  readonly executors: readonly ExecutorState[];
  readonly completed_executors: readonly ExecutorState[];
}
interface TaskState {
  readonly id: string;
  readonly name: string;
  readonly slave_id: string;
  readonly state: string;
  readonly labels: unknown;
  readonly resources: { readonly ports?: string };
}
interface ExecutorState {
  readonly id: string;
  readonly directory: string;
}

test('the master tells of agents, running tasks and tasks that have ended', async (context) => {
  const { get, running, ended } = await open(context);
  for (const path of ['/state', '/master/state', '/master/state.json']) {
    const state = (await get(path)).json as State;
    const [marathon, chronos] = state.frameworks;
    assert.deepEqual([marathon?.name, chronos?.name], ['marathon', 'chronos']);
    const [task] = marathon?.tasks ?? [];
    assert.deepEqual([task?.id, task?.name, task?.state], [running.id, 'web.demo', 'TASK_RUNNING']);
    assert.deepEqual(task?.labels, [{ key: 'rehome.app', value: 'web' }]);
    assert.equal(task?.resources.ports, `[${running.ports[0]}-${running.ports[0]}]`);
    assert.equal(task?.slave_id, state.slaves[0]?.id);
    const [done] = chronos?.completed_tasks ?? [];
    assert.deepEqual([done?.id, done?.name, done?.state], [ended.id, 'ChronosTask:sync', 'TASK_FINISHED']);
  }
});

test('the agent, found by its pid, tells where the sandboxes are', async (context) => {
  const { get, running, ended } = await open(context);
  const { slaves } = (await get('/slaves')).json as State;
  const [, name = '', address = ''] = /^(.+)@(.+)$/.exec(slaves[0]?.pid ?? '') ?? [];
  const state = (await call(`http://${address}/${name}/state`)).json as State;
  const both = (await get('/state')).json as State;
  for (const { frameworks } of [state, both]) {
    assert.deepEqual(
      frameworks[0]?.executors.map(({ id, directory }) => [id, directory]),
      [[running.id, running.sandbox]],
    );
    assert.deepEqual(
      frameworks[1]?.completed_executors.map(({ id, directory }) => [id, directory]),
      [[ended.id, ended.sandbox]],
    );
  }
});

test('a file is read in pieces; without an offset its size is told', async (context) => {
  const { read, ended } = await open(context);
  const path = join(ended.sandbox, 'stdout');
  assert.deepEqual((await read(path)).json, { data: '', offset: 5 });
  assert.deepEqual((await read(path, '&offset=-1')).json, { data: '', offset: 5 });
  assert.deepEqual((await read(path, '&offset=0')).json, { data: 'done\n', offset: 0 });
  assert.deepEqual((await read(path, '&offset=1&length=2')).json, { data: 'on', offset: 1 });
  assert.deepEqual((await read(path, '&offset=99')).json, { data: '', offset: 5 });
  assert.equal((await read(path, '&offset=-2')).status, 400);
  assert.equal((await read(path, '&offset=x')).status, 400);
  assert.equal((await read('')).status, 400);
});

test('a long file read to its end piece by piece is the file, wherever characters are cut', async (context) => {
  const { read, ended } = await open(context);
  const path = join(ended.sandbox, 'long');
  const text = 'aü€😀'.repeat(20_000);
  writeFileSync(path, text);
  appendFileSync(path, 'end');
  let got = '';
  for (let offset = 0; ; ) {
    const { data } = (await read(path, `&offset=${offset}`)).json as { data: string };
    if (data === '') break;
    assert.ok(Buffer.byteLength(data) <= 65_536);
    got += data;
    offset += Buffer.byteLength(data);
  }
  assert.equal(got, `${text}end`);
});

test('only the sandboxes of the cluster can be looked into', async (context) => {
  const { read, get, running, ended, foreign } = await open(context);
  writeFileSync(join(running.sandbox, 'own'), 'x');
  symlinkSync('/etc/passwd', join(running.sandbox, 'link'));
  assert.equal((await read(join(running.sandbox, 'own'), '&offset=0')).status, 200);
  mkdirSync(`${running.sandbox}-more`);
  writeFileSync(join(`${running.sandbox}-more`, 'stdout'), 'x');
  const forbidden = [
    '/etc/passwd',
    join(running.sandbox, 'link'),
    join(running.sandbox, '..', '..', '..', '..', 'etc', 'passwd'),
    `${running.sandbox}/../../../../../../../../etc/passwd`,
    join(foreign.sandbox, 'stdout'),
    join(ended.sandbox, '.task.json'),
    join(dirname(running.sandbox), 'nobody'),
    join(`${running.sandbox}-more`, 'stdout'),
  ];
  for (const path of forbidden) {
    assert.equal((await read(path, '&offset=0')).status, 404, path);
    assert.equal((await get(`/files/download?path=${encodeURIComponent(path)}`)).status, 404, path);
    assert.equal((await get(`/files/browse?path=${encodeURIComponent(path)}`)).status, 404, path);
  }
  assert.equal((await get(`/files/browse?path=${encodeURIComponent(dirname(running.sandbox))}`)).status, 404);
});

test('a sandbox can be browsed and its files downloaded', async (context) => {
  const { get, ended } = await open(context);
  const listed = (await get(`/files/browse?path=${encodeURIComponent(ended.sandbox)}`)).json as {
    path: string;
    size: number;
    mode: string;
  }[];
  const stdout = listed.find(({ path }) => path === join(ended.sandbox, 'stdout'));
  assert.equal(stdout?.size, 5);
  assert.match(stdout?.mode ?? '', /^-rw/);
  assert.ok(!listed.some(({ path }) => basename(path).startsWith('.')));
  const file = await get(`/files/download?path=${encodeURIComponent(join(ended.sandbox, 'stdout'))}`);
  assert.equal(file.text, 'done\n');
});
