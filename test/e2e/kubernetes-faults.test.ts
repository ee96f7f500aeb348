import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { type Bench, type Json, openFolder, project } from './harness.ts';
import { edit, loadCatalogue, openSpace, type Space, skip } from './kubernetes.ts';

describe('an apiserver that goes away', { skip }, () => {
  test('in the middle of a rollout: the deployment goes on when it is back', async (t) => {
    const space = openSpace(t);
    await using bench = await openEcho(space);
    await using line = await lineTo(bench, space);
    const running = bench.start('deploy', 'echo:1.0.0', '-e', 'test1.k8s', '--json-stream');
    await running.event(({ type }) => type === 'instances');
    line.cut();
    const why = await running.event(({ type, why: words }) => type === 'waiting' && /answer/.test(words));
    assert.match(why.why, /127\.0\.0\.1/);
    line.mend();
    const ended = await running.ended;
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const { apps } = await bench.json('status', 'echo', '-e', 'test1');
    assert.deepEqual(apps[0].homes[0].instances, { wanted: 3, running: 3, healthy: 3 });
  });

  test('before anything began: a clear error, and nothing is locked or registered', async (t) => {
    const space = openSpace(t);
    await using bench = await openEcho(space);
    await using line = await lineTo(bench, space);
    line.cut();
    const failed = await bench.runs(1, 'deploy', 'echo:1.0.0', '-e', 'test1.k8s');
    assert.match(failed.stderr, /127\.0\.0\.1.*\[unreachable\]/s);
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
    const { code, stdout } = await bench.run('doctor');
    assert.notEqual(code, 0);
    assert.match(stdout, /home test1\.k8s: .*answer/);
  });
});

async function openEcho(space: Space): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(space.shared, 'receipts'));
  edit(bench.folder, readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8'), {
    'conventions.env.RECEIPTS': join(space.shared, 'receipts'),
    'environments.test1': { stage: 'test', homes: { k8s: { ...space.home, kubeconfig: 'kubeconfig' } } },
  });
  await loadCatalogue(bench.folder, { 'anna-repo/{app}:{version}': 'images/{app}/{version}' });
  return bench;
}

/** A line to the apiserver that can be cut: connections that stand, and new ones. */
async function lineTo({ folder }: Bench, { home }: Space) {
  const config: Json = parse(readFileSync(String(home['kubeconfig']), 'utf8'));
  const { hostname, port } = new URL(config.clusters[0].cluster.server);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .once('close', () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.pipe(far).pipe(near);
    return undefined;
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const cluster = config.clusters[0].cluster;
  cluster.server = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (!cluster['insecure-skip-tls-verify']) cluster['tls-server-name'] = 'kubernetes';
  writeFileSync(join(folder, 'kubeconfig'), stringify(config));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    cut,
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
    },
  };
}
