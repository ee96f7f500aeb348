import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import { until } from '../testing.ts';
import { type ApiBench, openApi } from './testing.ts';

const path = '/v1/scopes/test1/services/hcn';
const server = `exec node -e '
  const server = require("node:http").createServer((q, s) => s.end(process.env.VERSION));
  server.listen(process.env.PORT, "127.0.0.1");
  process.on("SIGTERM", () => { console.log("TERM"); process.exit(0); });'`;
const input = (version: string, more = {}) => ({
  command: server,
  env: { VERSION: version },
  instances: 2,
  health: { intervalMs: 40, graceMs: 10_000 },
  ...more,
});

async function settled(api: ApiBench, at = path) {
  return until('the rollout ends', async () => {
    const { body } = await api.call('GET', at);
    return body.rollout?.state === 'done' && body.counts.updated === body.instances ? body : undefined;
  });
}

test('a service is created, found unchanged, labelled, scaled, replaced and removed', async (context) => {
  const api = await openApi(context);
  const created = await api.call('PUT', path, input('1'));
  assert.deepEqual([created.status, created.body.result], [201, 'created']);
  const first = await settled(api);
  assert.deepEqual(first.counts, { wanted: 2, running: 2, healthy: 2, serving: 2, updated: 2 });
  const pids = first.tasks.map(({ pid }: { pid: number }) => pid);

  assert.equal((await api.call('PUT', path, input('1'))).body.result, 'unchanged');
  const labelled = await api.call('PUT', path, input('1', { labels: { 'rehome.version': '1' } }));
  assert.equal(labelled.body.result, 'labelled');
  assert.deepEqual(labelled.body.service.labels, { 'rehome.version': '1' });
  assert.equal((await api.call('PUT', path, input('1', { instances: 3 }))).body.result, 'scaled');
  const scaled = await settled(api);
  assert.deepEqual(
    scaled.tasks.slice(0, 2).map(({ pid }: { pid: number }) => pid),
    pids,
    'the old ones stay',
  );

  assert.equal((await api.call('PUT', path, input('2'))).body.result, 'replaced');
  const second = await settled(api);
  assert.equal(second.revision, 2);
  const answer = await fetch(`http://${second.tasks[0].host}:${second.tasks[0].port}`);
  assert.equal(await answer.text(), '2');
  const { body } = await api.call('GET', `${path}/revisions`);
  assert.deepEqual(
    body.revisions.map((one: { revision: number; input: { env: object } }) => [one.revision, one.input.env]),
    [
      [1, { VERSION: '1' }],
      [2, { VERSION: '2' }],
    ],
  );
  assert.equal((await api.call('DELETE', path)).status, 202);
  await until('it is gone', async () => (await api.call('GET', path)).status === 404);
  assert.equal((await api.call('DELETE', path)).status, 404);
});

test('a broken version says why, with the last lines of its log, while the old one serves', async (context) => {
  const api = await openApi(context);
  await api.call('PUT', path, input('1'));
  await settled(api);
  await api.call('PUT', path, input('2', { command: 'echo starting; echo no such database >&2; exit 4' }));
  const broken = await until('it fails', async () => {
    const { body } = await api.call('GET', path);
    return body.lastFailure ? body : undefined;
  });
  assert.equal(broken.lastFailure.message, 'Command exited with status 4');
  assert.deepEqual(broken.lastFailure.log, ['starting', 'no such database']);
  assert.equal(broken.counts.serving, 2);
  await api.call('PUT', path, input('1'));
  const healed = await settled(api);
  assert.equal(healed.counts.serving, 2);
});

test('what is wrong with a body is said, all of it, and nothing happens', async (context) => {
  const api = await openApi(context);
  const wrong = await api.call('PUT', path, { instances: -1, comand: 'x', health: { path: 'x' } });
  assert.equal(wrong.status, 400);
  assert.match(wrong.body.error.message, /instances: .*health\.path: .*comand/);
  assert.equal((await fetch(`${api.url()}${path}`, { method: 'PUT', body: '{' })).status, 400);
  assert.equal((await api.call('PUT', '/v1/scopes/a b/services/x', {})).status, 400);
  assert.equal((await api.call('GET', path)).status, 404);
  assert.equal((await api.call('POST', path)).status, 405);
  assert.equal((await api.call('GET', '/v2')).status, 404);
});

test('holders of the endpoints get an instance out of traffic before its process is told to end', async (context) => {
  const api = await openApi(context);
  const { seen, close } = await api.events(`${path}/endpoints?watch=true&hold=true`);
  await until('the first list', () => seen[0]);
  assert.deepEqual(seen[0]?.data.endpoints, []);
  await api.call('PUT', path, input('1', { instances: 1, drainMs: 60_000 }));
  const running = await settled(api);
  const [task] = running.tasks;
  await until('it is listed', () => seen.at(-1)?.data.endpoints?.length === 1);
  await api.call('PUT', path, input('1', { instances: 0, drainMs: 60_000 }));
  const drain = await until('the drain', () => seen.find(({ event }) => event === 'drain'));
  assert.deepEqual(seen.at(-2), { event: 'endpoints', data: { endpoints: [] } }, 'first the list without it');
  assert.equal(drain.data.endpoint.id, task.id);
  const sandbox = api.bench.agent().task(task.id)?.sandbox;
  assert.equal(fs.readFileSync(`${sandbox}/stdout`, 'utf8'), '', 'it has not been told');
  assert.equal(await (await fetch(`http://127.0.0.1:${task.port}`)).text(), '1', 'and still answers');
  assert.deepEqual((await api.call('POST', `${path}/drains/${drain.data.id}`)).body, { waited: true });
  await until('it ends', () => api.bench.agent().task(task.id)?.state === 'TASK_KILLED');
  assert.deepEqual((await api.call('POST', `${path}/drains/${drain.data.id}`)).body, { waited: false });

  await api.call('PUT', path, input('1', { instances: 1, drainMs: 60_000 }));
  await settled(api);
  await api.call('DELETE', path);
  await until('the second drain', () => seen.filter(({ event }) => event === 'drain').length === 2);
  close();
  await until(
    'a holder that goes away holds nothing',
    async () => (await api.call('GET', path)).status === 404,
  );
});

test('a drain that nobody acknowledges waits for drainMs and no longer', async (context) => {
  const api = await openApi(context);
  const { seen } = await api.events(`${path}/endpoints?watch=true&hold=true`);
  await api.call('PUT', path, input('1', { instances: 1, drainMs: 300 }));
  await settled(api);
  await api.call('DELETE', path);
  await until('the drain', () => seen.find(({ event }) => event === 'drain'));
  const drained = Date.now();
  await until('it is gone', async () => (await api.call('GET', path)).status === 404);
  assert.ok(Date.now() - drained >= 250, `${Date.now() - drained} ms`);
});

test('logs are read from the end, and followed over a replacement', async (context) => {
  const api = await openApi(context);
  const talk = (word: string) => ({ command: `echo ${word} 1; echo ${word} 2; sleep 60`, ports: 0 });
  await api.call('PUT', path, talk('old'));
  const lines = await until('it talks', async () => {
    const { body } = await api.call('GET', `${path}/logs?tail=1`);
    return body.lines[0]?.line === 'old 2' ? body.lines : undefined;
  });
  assert.equal(lines.length, 1);
  assert.equal(lines[0].stream, 'stdout');
  const { seen } = await api.events(`${path}/logs?tail=1&follow=true`);
  await until('the tail', () => seen.length === 1);
  await api.call('PUT', path, talk('new'));
  await until('the new one talks', () => seen.length === 3);
  assert.deepEqual(
    seen.map(({ data }) => data.line),
    ['old 2', 'new 1', 'new 2'],
  );
});

test('events tell what happens in a scope, and nothing of another one', async (context) => {
  const api = await openApi(context);
  const { seen } = await api.events('/v1/events?scope=test1');
  await until('it is open', () => seen[0]?.event === 'open');
  await api.call('PUT', '/v1/scopes/test2/services/hcn', { command: 'sleep 60' });
  await api.call('PUT', path, { command: 'sleep 60', ports: 0 });
  await until('the rollout ends', () => seen.at(-1)?.data.rollout === 'done');
  const [, ...told] = seen;
  assert.ok(told.every(({ data }) => data.scope === 'test1'));
  assert.deepEqual(
    told.map(({ data }) => data.rollout ?? data.instance?.state),
    ['running', 'TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'done'],
  );
});

test('a daemon that starts again knows its services, and finishes what it began', async (context) => {
  const api = await openApi(context);
  await api.call('PUT', path, input('1'));
  const before = await settled(api);
  await api.restart();
  const { body } = await api.call('GET', path);
  assert.deepEqual(
    body.tasks.map(({ pid }: { pid: number }) => pid),
    before.tasks.map(({ pid }: { pid: number }) => pid),
  );
  await api.call('DELETE', path);
  await api.restart();
  await until('it is gone', async () => (await api.call('GET', path)).status === 404);
});
