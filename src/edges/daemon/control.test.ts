import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '../../../test/suites/edge/ask.ts';
import { startInstance } from '../../../test/suites/edge/instance.ts';
import { good, until } from '../../../test/suites/edge/under-test.ts';
import { realHost } from '../../host/real.ts';
import { isFailure } from '../../model/failure.ts';
import { embedded } from '../embedded/embedded.ts';
import { edgeDown, edgeStatus, edgeUp } from './control.ts';
import { discoveryFile, edgeBlock, edgeFolder, stateFile } from './discovery.ts';

const host = realHost();
const daemon = join(import.meta.dirname, '../../../test/suites/edge/daemon.ts');

/** Processes with a word in their command line. */
function processesOf(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

function workspace(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'rehome-edge-'));
  const folder = edgeFolder(root);
  const argv = [process.execPath, daemon, root];
  t.after(async () => {
    await edgeDown({ host, root });
    rmSync(root, { recursive: true, force: true });
  });
  return { root, folder, argv, host };
}

test('many that start it at once get one edge; down ends it, twice is fine', async (t) => {
  const space = workspace(t);
  const up = await Promise.all(Array.from({ length: 5 }, () => edgeUp(space)));
  const pids = new Set(up.map((status) => good(status).pid));
  assert.equal(pids.size, 1);
  assert.equal(good(await edgeUp(space)).pid, [...pids][0]);
  good(await edgeDown(space));
  assert.equal(await edgeStatus(space), undefined);
  good(await edgeDown(space));
  await until('those that were too late have ended', () => processesOf(space.root).length === 0);
});

test('the ports it holds are known without it, before and after', async (t) => {
  const space = workspace(t);
  const before = good(edgeBlock(host, space.root));
  assert.ok(before.first >= 10_000 && before.first < 19_500);
  const { block } = good(await edgeUp(space));
  assert.deepEqual(edgeBlock(host, space.root), block);
  good(await edgeDown(space));
  assert.deepEqual(edgeBlock(host, space.root), block);
  assert.deepEqual(good(await edgeUp(space)).block, block);
});

test('a discovery file that a dead edge left is no edge', async (t) => {
  const space = workspace(t);
  const { pid, processStart } = good(await edgeUp(space));
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => !host.processes.alive(pid, processStart));
  assert.equal(await edgeStatus(space), undefined);
  assert.notEqual(good(await edgeUp(space)).pid, pid);
});

test('one that is started while the last one still ends takes over from it', async (t) => {
  const space = workspace(t);
  const { pid, block } = good(await edgeUp(space));
  const instance = await startInstance('one');
  t.after(() => instance.stop());
  const edge = embedded.connect({}, { host, environment: 'test1', folder: space.folder });
  const address = { host: '127.0.0.1', port: block.first + 3 };
  const front = { app: 'hcn', address, shares: { mesos: 100 }, backends: { mesos: [instance.backend] } };
  good(await edge.reconcile(front));
  const slow = ask(front, { path: '/hold' });
  await until('a request keeps it from ending', () => instance.held === 1);
  const down = edgeDown(space);
  await until('it takes nothing new', () => !host.files.exists(discoveryFile(space.folder)));
  const up = edgeUp(space);
  instance.release();
  assert.equal((await slow).status, 200);
  assert.notEqual(good(await up).pid, pid);
  good(await down);
  assert.equal((await ask(front)).status, 200);
});

test('an edge whose workspace is removed ends by itself', async (t) => {
  const space = workspace(t);
  const { pid, processStart } = good(await edgeUp(space));
  rmSync(space.root, { recursive: true });
  await until('it ends', () => !host.processes.alive(pid, processStart), 10_000);
  assert.equal(host.files.exists(space.root), false, 'it leaves nothing behind');
});

test('a damaged file is named, with what to do, and is not overwritten', async (t) => {
  const space = workspace(t);
  good(await edgeUp(space));
  good(await edgeDown(space));
  for (const text of ['{', '{}', '{"version":1,"block":{"first":1,"size":2},"fronts":[{}]}']) {
    writeFileSync(stateFile(space.folder), text);
    const failure = await edgeUp(space);
    assert.ok(isFailure(failure) && failure.code === 'edge-not-running');
    assert.match(failure.details ?? '', /fronts\.json is damaged/);
    assert.equal(readFileSync(stateFile(space.folder), 'utf8'), text);
  }
  writeFileSync(discoveryFile(space.folder), 'x');
  const status = await edgeStatus(space);
  assert.ok(isFailure(status) && status.code === 'file-unusable');
});

test('it listens on other addresses of this machine too, and goes on asking for those it lacks', async (t) => {
  const space = workspace(t);
  const { block } = good(await edgeUp(space));
  const instance = await startInstance('one');
  t.after(() => instance.stop());
  const at = (listen: string[]) =>
    embedded.connect({ listen }, { host, environment: 'test1', folder: space.folder });
  const port = block.first + 4;
  const front = {
    app: 'hcn',
    address: { host: '127.0.0.1', port },
    shares: { mesos: 100 },
    backends: { mesos: [instance.backend] },
  };
  const missing = async () => good(await edgeStatus(space))?.fronts[0]?.missing;
  const second = { ...front, address: { host: '127.0.0.3', port } };
  const there = () =>
    ask(second).then(
      ({ status }) => status === 200,
      () => false,
    );

  const somebody = createServer().listen(port, '127.0.0.3');
  t.after(() => somebody.close());
  good(await at(['127.0.0.1', '127.0.0.3', '203.0.113.1']).reconcile(front));
  assert.equal((await ask(front)).status, 200);
  assert.deepEqual(await missing(), ['127.0.0.3', '203.0.113.1']);
  somebody.close();
  await until('it listens there as well', there);
  assert.deepEqual(await missing(), ['203.0.113.1']);

  const { pid, processStart } = good(await edgeUp(space));
  process.kill(pid, 'SIGKILL');
  await until('it is gone', () => !host.processes.alive(pid, processStart));
  good(await edgeUp(space));
  await until('the next one listens there too', there);
  good(await at([]).reconcile(front));
  await until('it is told otherwise', async () => !(await there()));
  assert.equal((await ask(front)).status, 200);
});

test('only very addresses are listened on', () => {
  for (const address of ['0.0.0.0', '::', 'localhost', '10.0.0', ''])
    assert.equal(embedded.settings.safeParse({ listen: [address] }).success, false, address);
  assert.ok(embedded.settings.safeParse({ listen: ['127.0.0.1', '198.18.0.1', 'fd00::1'] }).success);
});

test('a command that cannot start the edge is told with the end of its log', async (t) => {
  const space = workspace(t);
  const wrong = await edgeUp({
    ...space,
    argv: [process.execPath, '-e', 'console.error("no such thing"); process.exit(7)'],
  });
  assert.ok(isFailure(wrong));
  assert.equal(wrong.found, 'exit code 7');
  assert.match(wrong.details ?? '', /no such thing/);
  const absent = await edgeUp({ ...space, argv: ['/no/such/program'] });
  assert.ok(isFailure(absent) && /ENOENT/.test(absent.found ?? ''));
});

test('without an edge, every operation says so', async (t) => {
  const { folder } = workspace(t);
  const edge = embedded.connect({}, { host, environment: 'test1', folder });
  const answers = [
    await edge.getShare('hcn'),
    await edge.stats('hcn'),
    await edge.setShare('hcn', { mesos: 100 }),
    await edge.drain('hcn', { id: 'x', host: '127.0.0.1', port: 1 }, 10),
    await edge.remove('hcn'),
    await edge.verifyShare('hcn', { mesos: 100 }),
  ];
  for (const answer of answers) assert.ok(isFailure(answer) && answer.code === 'edge-not-running');
});

test('an address that others took while it was away is tried until it is free', async (t) => {
  const space = workspace(t);
  const { block } = good(await edgeUp(space));
  const edge = embedded.connect({}, { host, environment: 'test1', folder: space.folder });
  const address = { host: '127.0.0.1', port: block.first + 3 };
  good(await edge.reconcile({ app: 'hcn', address, shares: { mesos: 100 }, backends: {} }));
  good(await edgeDown(space));
  const other = createServer();
  await new Promise<void>((resolve) => other.listen({ ...address }, resolve));
  const listening = async () => good(await edgeStatus(space))?.fronts[0]?.listening;
  good(await edgeUp(space));
  assert.equal(await listening(), false);
  await new Promise((resolve) => other.close(resolve));
  await until('it listens', async () => (await listening()) === true);
});
