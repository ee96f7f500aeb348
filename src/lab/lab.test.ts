import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { isAlive } from './agent/process-group.ts';
import { type LabInfo, labDown, labStatus, labUp } from './control.ts';
import { must, until } from './testing.ts';

/** What the command line does: a script that is the daemon. */
const script = `
import { runDaemon } from '${join(import.meta.dirname, 'daemon.ts')}';
const failure = await runDaemon({ root: process.argv[2], version: '0.0.0-test' });
if (failure) { console.error(failure.message); process.exit(1); }
process.exit(0);`;

interface Workspace {
  readonly root: string;
  up(clusters?: readonly string[], images?: Record<string, string>): Promise<LabInfo>;
}

function workspace(context: TestContext): Workspace {
  const root = fs.mkdtempSync(join(tmpdir(), 'rehome-labs-'));
  const main = join(root, 'daemon.mjs');
  fs.writeFileSync(main, script);
  context.after(async () => {
    const down = await labDown({ root, graceMs: 0 });
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    assert.deepEqual(must(down).survivors, []);
  });
  return {
    root,
    up: async (clusters = [], images = {}) =>
      must(await labUp({ root, images, clusters, argv: [main, root] })),
  };
}

async function call(info: LabInfo, method: string, path: string, body?: unknown) {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${info.api}${path}`, { method, ...init });
  return JSON.parse((await answer.text()) || 'null');
}

/** Processes of a workspace's daemon, those included that have only just begun. */
function daemonsOf(root: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isDaemon = (pid: string): boolean => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${root}/daemon.mjs`);
    } catch {
      return false;
    }
  };
  return pids.filter(isDaemon).map(Number);
}

const service = '/v1/scopes/test1/services/hcn';
const pidsOf = async (info: LabInfo): Promise<number[]> => {
  const { tasks } = await call(info, 'GET', service);
  return tasks
    .filter((one: { state: string }) => one.state === 'TASK_RUNNING')
    .map((one: { pid: number }) => one.pid);
};
const running = (info: LabInfo, count: number) =>
  until(`${count} run`, async () => {
    const pids = await pidsOf(info);
    return pids.length === count ? pids : undefined;
  });
const dead = (pid: number) => until(`${pid} is gone`, () => !isAlive(pid, undefined));

test('up, again, with more, down: one daemon, the same addresses, and nobody is left', async (context) => {
  const { root, up } = workspace(context);
  const [info, same] = await Promise.all([up(['test1']), up(['test1'])]);
  assert.equal(same?.pid, info?.pid);
  assert.ok(info);
  if (process.platform === 'linux') assert.deepEqual(daemonsOf(root), [info.pid]);
  assert.deepEqual(JSON.parse(fs.readFileSync(join(root, '.rehome/lab/lab.json'), 'utf8')), info);
  assert.equal(fs.readFileSync(join(root, '.rehome/.gitignore'), 'utf8'), '*\n');
  assert.equal(await (await fetch(`${info.clusters['test1']?.marathon}/ping`)).text(), 'pong');
  fs.mkdirSync(join(root, 'images/x'), { recursive: true });
  fs.writeFileSync(join(root, 'images/x/entrypoint'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  const more = await up(['test1', 'test2'], { 'x:1': 'images/x' });
  assert.equal(more.pid, info.pid);
  assert.deepEqual(Object.keys(more.clusters), ['test1', 'test2']);
  await call(more, 'PUT', service, { image: 'x:1', instances: 2 });
  const pids = await running(more, 2);
  const status = must(await labStatus(root));
  assert.ok(status.running);
  assert.deepEqual(
    [status.tasks, status.images, status.problems],
    [{ TASK_RUNNING: 2 }, { 'x:1': 'images/x' }, []],
  );
  assert.deepEqual(must(await labDown({ root })), { wasRunning: true, survivors: [] });
  for (const pid of [...pids, info.pid]) assert.equal(isAlive(pid, undefined), false);
  assert.deepEqual(await labStatus(root), { running: false });

  const again = await up();
  assert.equal(again.api, info.api, 'the same addresses');
  assert.deepEqual(again.clusters, more.clusters);
  await running(again, 2);
  must(await labDown({ root, keepState: false }));
  assert.equal(fs.existsSync(join(root, '.rehome/lab')), false);
});

test('kill -9 of the daemon: tasks go on, the next one adopts them, and nothing is doubled', async (context) => {
  const { root, up } = workspace(context);
  const first = await up();
  const out = join(root, 'out');
  const go = join(root, 'go');
  await call(first, 'PUT', service, { command: `echo $$ >>${out}; exec sleep 60`, instances: 3, ports: 0 });
  const command = `while [ ! -e ${go} ]; do sleep 0.02; done; exit 9`;
  await call(first, 'PUT', '/v1/scopes/test1/jobs/migrate', { command });
  const pids = await running(first, 3);
  process.kill(first.pid, 'SIGKILL');
  await dead(first.pid);
  fs.writeFileSync(go, '');
  for (const pid of pids) assert.ok(isAlive(pid, undefined));
  const second = await up();
  assert.notEqual(second.pid, first.pid);
  assert.equal(second.api, first.api);
  assert.deepEqual(await pidsOf(second), pids);
  const job = await call(second, 'GET', '/v1/scopes/test1/jobs/migrate?wait=10000');
  assert.deepEqual([job.state, job.exitCode], ['failed', 9]);
  assert.equal(fs.readFileSync(out, 'utf8').trim().split('\n').length, 3);
});

test('kill -9 at any moment of a rollout: it goes on, and every command began as often as it was shown', async (context) => {
  const { root, up } = workspace(context);
  let info = await up();
  for (let round = 0; round < 6; round++) {
    const out = join(root, `out-${round}`);
    fs.writeFileSync(out, '');
    const command = `echo "$MESOS_TASK_ID $$" >>${out}; exec sleep 60`;
    await call(info, 'PUT', service, { command, instances: 3, ports: 1, killGraceMs: 1_000 });
    await new Promise((resolve) => setTimeout(resolve, round * 12)); // another moment in every round
    process.kill(info.pid, 'SIGKILL');
    await dead(info.pid);
    info = await up();
    await until('the rollout ends', async () => (await call(info, 'GET', service)).rollout.state === 'done');
    const known = (await pidsOf(info)).sort();
    const begun = await until('the last one has said so', () => {
      const lines = fs.readFileSync(out, 'utf8').trim().split('\n');
      return known.every((pid) => lines.some((line) => line.endsWith(` ${pid}`))) ? lines : undefined;
    });
    assert.equal(new Set(begun.map((line) => line.split(' ')[0])).size, begun.length, 'no task began twice');
    const alive = begun.map((line) => Number(line.split(' ')[1])).filter((pid) => isAlive(pid, undefined));
    assert.deepEqual(alive.sort(), known, 'nobody runs that is not known');
    assert.equal(alive.length, 3);
  }
});

test('down finds what a dead daemon left behind, and who left the group of its task', async (context) => {
  const { root, up } = workspace(context);
  const info = await up();
  const stray = join(root, 'stray');
  const command = `setsid sh -c 'echo $$ >${stray}; exec sleep 60' & exec sleep 60`;
  await call(info, 'PUT', service, { command, ports: 0 });
  const [pid = 0] = await running(info, 1);
  await until('the stray', () => fs.existsSync(stray) && fs.readFileSync(stray, 'utf8'));
  process.kill(info.pid, 'SIGKILL');
  await dead(info.pid);
  assert.deepEqual(must(await labDown({ root })), { wasRunning: false, survivors: [] });
  assert.equal(isAlive(pid, undefined), false);
  assert.equal(isAlive(Number(fs.readFileSync(stray, 'utf8')), undefined), false);
});

test('two labs side by side have their own ports; a second daemon on one workspace does not start', async (context) => {
  const [one, other] = [workspace(context), workspace(context)];
  const [first, second] = await Promise.all([one.up(['test1']), other.up(['test1'])]);
  const urls = (info: LabInfo) => [info.api, ...Object.values(info.clusters['test1'] ?? {})];
  assert.equal(new Set([...urls(first), ...urls(second)]).size, 8);
  const extra = promisify(execFile)(process.execPath, [join(one.root, 'daemon.mjs'), one.root]);
  await assert.rejects(extra, new RegExp(`is run by process ${first.pid} already`));
  assert.equal((await one.up()).pid, first.pid);
});

test('a daemon that cannot start is a failure with its own words', async (context) => {
  const { root } = workspace(context);
  const argv = ['-e', 'console.error("out of luck"); process.exit(7)'];
  const failure = await labUp({ root, images: {}, clusters: [], argv });
  assert.ok('kind' in failure);
  assert.match(failure.message, /ended with 7/);
  assert.match(failure.details ?? '', /out of luck/);
});

test('a stale lab.json of a pid that is somebody else by now counts for nothing', async (context) => {
  const { root } = workspace(context);
  fs.mkdirSync(join(root, '.rehome/lab'), { recursive: true });
  const stale = { pid: process.pid, startedAt: '1', since: '', api: 'http://127.0.0.1:9', clusters: {} };
  fs.writeFileSync(join(root, '.rehome/lab/lab.json'), JSON.stringify(stale));
  assert.deepEqual(await labStatus(root), { running: false });
  assert.deepEqual(must(await labDown({ root })), { wasRunning: false, survivors: [] });
});

test('a foreign Host header and a large body are refused', async (context) => {
  const { up } = workspace(context);
  const { api } = await up();
  const status = await new Promise((resolve, reject) => {
    const sent = request(api, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode));
    sent.on('error', reject).end();
  });
  assert.equal(status, 403);
  const large = await fetch(`${api}/v1/lab/catalogue`, { method: 'PUT', body: 'x'.repeat(1024 * 1024 + 1) });
  assert.equal(large.status, 413);
});
