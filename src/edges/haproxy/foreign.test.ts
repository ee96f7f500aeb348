import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startLoad } from '../../../test/load/start.ts';
import { ask } from '../../../test/suites/edge/ask.ts';
import { freePort } from '../../../test/suites/edge/free-port.ts';
import { withoutHaproxy } from '../../../test/suites/edge/haproxy.ts';
import { startInstance } from '../../../test/suites/edge/instance.ts';
import { good, makeFront, setBackends, until } from '../../../test/suites/edge/under-test.ts';
import { startWorkspaceEdge } from '../../../test/suites/edge/workspace-edge.ts';
import { haproxy } from './haproxy.ts';
import { findProgram } from './process.ts';

/** An HAProxy of somebody else, made as docs/haproxy.md says. */
async function startForeign(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-foreign-'));
  const own = join(folder, 'rehome');
  mkdirSync(own);
  writeFileSync(join(own, 'haproxy.cfg'), '');
  const port = await freePort();
  const config = `global
  stats socket ${folder}/admin.sock mode 660 level admin expose-fd listeners
  hard-stop-after 1h
defaults
  mode http
  timeout client 10s
  timeout server 10s
  timeout connect 1s
frontend theirs
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string theirs
`;
  writeFileSync(join(folder, 'haproxy.cfg'), config);
  const args = [
    '-W',
    '-S',
    `${folder}/master.sock`,
    '-f',
    `${folder}/haproxy.cfg`,
    '-f',
    `${own}/haproxy.cfg`,
  ];
  const child = spawn(good(findProgram('haproxy')), args, { stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });
  const theirs = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    return (await answer?.text()) === 'theirs';
  };
  await until('it runs', theirs);
  const settings = haproxy.settings.parse({
    cohort_cookie: 'uid',
    run: false,
    folder: own,
    socket: join(folder, 'admin.sock'),
    master_socket: join(folder, 'master.sock'),
    reload: `kill -USR2 ${child.pid}`,
  });
  return { settings, own, theirs, child };
}

test('an HAProxy that others run is used by its socket and reloaded by their command', {
  skip: withoutHaproxy(),
}, async (t) => {
  const { settings, own, theirs, child } = await startForeign(t);
  const under = await startWorkspaceEdge((context) => haproxy.connect(settings, context));
  t.after(() => under.stop());
  const one = await startInstance('m1');
  const two = await startInstance('k1');
  t.after(() => Promise.all([one.stop(), two.stop()]));
  const front = await makeFront(under, 'hcn', { mesos: [one], k8s: [two] }, { mesos: 100, k8s: 0 });
  assert.ok(await theirs(), 'what is theirs goes on');
  const load = startLoad({ ...front.address, rate: 300, methods: ['GET', 'POST'] });
  const requests = async () =>
    good(await under.edge.stats('hcn')).reduce((sum, { requests }) => sum + requests, 0);
  await until('the load goes', async () => (await requests()) > 50);
  good(await under.edge.setShare('hcn', { mesos: 0, k8s: 100 }));
  assert.match(readFileSync(join(own, 'shares.map'), 'utf8'), /^test1:hcn 10000$/m);
  assert.match((await ask(front)).body, /k1/);
  await makeFront(under, 'ledger', { mesos: [one] }, { mesos: 100 });
  const next = await startInstance('k2');
  t.after(() => next.stop());
  await setBackends(under, front, { mesos: [], k8s: [next.backend] });
  good(await under.edge.drain('hcn', two.backend, 5_000));
  assert.match((await ask(front)).body, /k2/);
  assert.deepEqual((await load.stop()).reasons, {});
  const latencies = good(await under.edge.stats('hcn')).flatMap((home) => home.latencies);
  assert.ok(latencies.length > 0, 'requests are heard');
  good(await under.edge.remove('ledger'));
  await under.restartDaemon();
  assert.deepEqual(await under.edge.getShare('hcn'), { mesos: 0, k8s: 100 });
  assert.equal((await ask(front)).status, 200);
  assert.equal(child.exitCode, null);
  assert.ok(await theirs());
});

test('settings that are not enough for it are refused', () => {
  for (const wrong of [
    { run: false },
    { run: false, folder: '/x', socket: '/y' },
    { run: false, folder: 'x', socket: '/y', reload: 'z' },
  ])
    assert.equal(haproxy.settings.safeParse(wrong).success, false, JSON.stringify(wrong));
  for (const wrong of [
    { cohort_cookie: 'a b' },
    { cohort_cookie: "x'" },
    { retry: 'maybe' },
    { connect_timeout: '1' },
    { hard_stop_after: '1h\n' },
  ])
    assert.equal(haproxy.settings.safeParse(wrong).success, false, JSON.stringify(wrong));
  assert.ok(haproxy.settings.safeParse({}).success);
});
