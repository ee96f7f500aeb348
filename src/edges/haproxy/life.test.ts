import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startLoad } from '../../../test/load/start.ts';
import { ask } from '../../../test/suites/edge/ask.ts';
import { haproxyPids, startHaproxy, withoutHaproxy } from '../../../test/suites/edge/haproxy.ts';
import { type Instance, startInstance } from '../../../test/suites/edge/instance.ts';
import { good, makeFront, setBackends, until } from '../../../test/suites/edge/under-test.ts';
import { openSocket, say } from '../../../test/suites/edge/upgrades.ts';
import type { WorkspaceEdge } from '../../../test/suites/edge/workspace-edge.ts';
import { realHost } from '../../host/real.ts';
import { isFailure } from '../../model/failure.ts';
import { edgeFolder } from '../daemon/discovery.ts';
import { haproxy } from './haproxy.ts';
import { endLeftHaproxies } from './left.ts';
import { runtimeApi } from './runtime-api.ts';

describe('haproxy', { skip: withoutHaproxy() }, () => {
  let under: WorkspaceEdge;
  let mesos: Instance;
  let k8s: Instance;
  before(async () => {
    under = await startHaproxy();
    mesos = await startInstance('m1');
    k8s = await startInstance('k1');
  });
  after(async () => {
    await Promise.all([mesos?.stop(), k8s?.stop()]);
    await under?.stop();
  });
  const folder = () => join(edgeFolder(under.root), 'haproxy', 'test1');
  const api = () => runtimeApi(() => join(folder(), 'admin.sock'));
  const frontOf = (app: string) =>
    makeFront(under, app, { mesos: [mesos], k8s: [k8s] }, { mesos: 100, k8s: 0 });

  test('the death of the daemon is not noticed, and the next one takes over what runs', async () => {
    const front = await frontOf('daemon');
    good(await under.edge.setShare('daemon', { mesos: 50, k8s: 50 }));
    const socket = await openSocket(front);
    const load = startLoad({ ...front.address, rate: 300, methods: ['GET', 'POST'] });
    const pids = haproxyPids(under.root);
    const requests = async () =>
      good(await under.edge.stats('daemon')).reduce((sum, { requests }) => sum + requests, 0);
    await until('the load goes', async () => (await requests()) > 100);
    await under.restartDaemon();
    const seen = await requests();
    assert.ok(seen > 100, `${seen} requests are still known`);
    await until('the load goes on', async () => (await requests()) > seen + 100);
    assert.deepEqual(haproxyPids(under.root), pids, 'the same processes');
    assert.deepEqual(await under.edge.getShare('daemon'), { mesos: 50, k8s: 50 });
    assert.match(await say(socket, 'still'), /still$/);
    socket.close();
    const counts = await load.stop();
    assert.deepEqual(counts.reasons, {});
    await until('all are counted', async () => (await requests()) === counts.sent + 1);
  });

  test('when HAProxy is killed it is there again at once, with the shares as they were', async () => {
    const front = await frontOf('killed');
    good(await under.edge.setShare('killed', { mesos: 0, k8s: 100 }));
    for (const which of ['master', 'worker'] as const) {
      const pids = haproxyPids(under.root);
      const pid = which === 'master' ? pids[0] : pids.at(-1);
      assert.ok(pid);
      process.kill(pid, 'SIGKILL');
      const serves = () =>
        ask(front).then(
          ({ status }) => status === 200,
          () => false,
        );
      await until('it is another one', () => !haproxyPids(under.root).includes(pid));
      await until(`it serves again after a kill of its ${which}`, serves, 3_000);
      assert.deepEqual(await under.edge.getShare('killed'), { mesos: 0, k8s: 100 });
      const seen = mesos.requests.length;
      for (let n = 0; n < 20; n++) assert.equal((await ask(front)).status, 200);
      assert.equal(mesos.requests.length, seen);
    }
  });

  test('a share set by hand is in force, is told, and a reload keeps it', async () => {
    const front = await frontOf('hand');
    await api()(['set map shares.map test1:hand 2500']);
    assert.deepEqual(await under.edge.getShare('hand'), { mesos: 75, k8s: 25 });
    const failure = await under.edge.verifyShare('hand', { mesos: 100, k8s: 0 });
    assert.ok(isFailure(failure) && failure.code === 'share-differs');
    await frontOf('causes-a-reload');
    assert.deepEqual(await under.edge.getShare('hand'), { mesos: 75, k8s: 25 });
    assert.equal(await under.edge.verifyShare('hand', { mesos: 75, k8s: 25 }), undefined);
    await setBackends(under, front, front.backends);
  });

  test('a file edited by hand is told before a reload brings it in force', async () => {
    await frontOf('file');
    const map = join(folder(), 'shares.map');
    writeFileSync(map, readFileSync(map, 'utf8').replace(/^test1:file .*$/m, 'test1:file 9999'));
    const failure = await under.edge.verifyShare('file', { mesos: 100, k8s: 0 });
    assert.ok(isFailure(failure) && failure.code === 'share-differs');
    assert.match(`${failure.found} ${failure.expected}`, /test1:file 9999 test1:file 0/);
    good(await under.edge.setShare('file', { mesos: 90, k8s: 10 }));
    assert.match(readFileSync(map, 'utf8'), /^test1:file 1000$/m);
    assert.equal(await under.edge.verifyShare('file', { mesos: 90, k8s: 10 }), undefined);
  });

  test('instances come and go without a reload, until there are more than it has places for', async () => {
    const front = await frontOf('places');
    const worker = haproxyPids(under.root).at(-1);
    for (let n = 0; n < 6; n++) {
      const next = await startInstance(`next-${n}`);
      await setBackends(under, front, { mesos: [next.backend] });
      good(await under.edge.drain('places', mesos.backend, 1_000));
      assert.match((await ask(front)).body, new RegExp(`next-${n}`));
      await next.stop();
    }
    assert.equal(haproxyPids(under.root).at(-1), worker);
    const many = await Promise.all(Array.from({ length: 9 }, (_, n) => startInstance(`many-${n}`)));
    await setBackends(under, front, { mesos: many.map(({ backend }) => backend) });
    const found = new Set<string>();
    for (let n = 0; n < 60; n++) found.add(JSON.parse((await ask(front)).body).instance);
    assert.equal(found.size, 9);
    await Promise.all(many.map((one) => one.stop()));
  });

  test('what is sent twice is a setting, which the next reconcile brings in force', async () => {
    const k2 = await startInstance('k2');
    const context = { host: realHost(), environment: 'test1', folder: edgeFolder(under.root) };
    const edge = (retryOf: 'all' | 'none') =>
      haproxy.connect(haproxy.settings.parse({ retry_of: { twice: retryOf } }), context);
    const address = under.address();
    const front = {
      app: 'twice',
      address,
      shares: { k8s: 100 },
      backends: { k8s: [k8s.backend, k2.backend] },
    };
    const tries = async (method: string) => {
      const before = k8s.requests.length + k2.requests.length;
      assert.equal(
        (await ask(front, { method, path: '/die', body: method === 'POST' ? 'x' : '' })).status,
        502,
      );
      return k8s.requests.length + k2.requests.length - before;
    };
    good(await edge('none').reconcile(front));
    assert.deepEqual([await tries('GET'), await tries('POST')], [1, 1]);
    good(await edge('all').reconcile(front));
    assert.deepEqual([await tries('GET'), await tries('POST')], [11, 11]);
    await k2.stop();
  });

  test('what a killed daemon leaves is stopped when the edge is', async () => {
    const other = await startHaproxy();
    await makeFront(other, 'left', { mesos: [mesos] }, { mesos: 100 });
    const pids = haproxyPids(other.root);
    assert.ok(pids.length >= 2);
    process.kill(other.status().pid, 'SIGKILL');
    await endLeftHaproxies(realHost(), edgeFolder(other.root));
    for (const pid of pids) assert.equal(realHost().processes.alive(pid), false);
    await other.stop();
  });

  test('a workspace deeper than names of sockets are long', async () => {
    const folder = mkdtempSync(join(tmpdir(), `rehome-${'deep'.repeat(30)}-`));
    const deep = await startHaproxy({ folder });
    const front = await makeFront(deep, 'deep', { mesos: [mesos] }, { mesos: 100 });
    assert.equal((await ask(front)).status, 200);
    await deep.restartDaemon();
    await makeFront(deep, 'deeper', { mesos: [mesos] }, { mesos: 100 });
    assert.equal(good(await deep.edge.stats('deep'))[0]?.requests, 1);
    await deep.stop();
    rmSync(folder, { recursive: true });
  });

  test('a request that began before a reload is drained in the old process too', async () => {
    const front = await frontOf('old');
    const slow = ask(front, { path: '/hold' });
    await until('it arrives', () => mesos.held === 1);
    await frontOf('another-reload');
    const early = await under.edge.drain('old', mesos.backend, 100);
    assert.ok(isFailure(early) && early.code === 'not-drained');
    const drained = under.edge.drain('old', mesos.backend, 5_000);
    mesos.release();
    assert.equal((await slow).status, 200);
    good(await drained);
    await until('it is counted once', async () => {
      const home = good(await under.edge.stats('old')).find(({ home }) => home === 'mesos');
      return home?.requests === 1;
    });
  });
});
