import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { certificatePaths, kubeconfig, makeCertificates } from './certificates.ts';
import { withLock } from './lock.ts';
import { addresses, cacheFolder, stateFolder, statePaths } from './places.ts';
import { forget, isAlive, known, lastWords, marked, start, stop } from './processes.ts';
import { clusterStatus, seemsUp } from './status.ts';
import { enter, isUsed } from './users.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'the lab of Kubernetes needs Linux' };

test('cache and state lie where XDG says, and outside of any checkout without', () => {
  const env = { XDG_CACHE_HOME: '/c', XDG_STATE_HOME: '/s' };
  assert.match(cacheFolder(env), /^\/c\/rehome\/kubernetes\/v1\./);
  assert.equal(stateFolder(env), '/s/rehome/kubernetes');
  assert.match(stateFolder({}), /\.local\/state\/rehome\/kubernetes$/);
});

test(
  'what is started is known, found by its marker, ended by its own pid, and forgotten',
  onLinux,
  async (t) => {
    const paths = statePaths(newFolder(t));
    const one = start(paths, 'one', [
      '/bin/sh',
      '-c',
      'trap "" TERM; echo hello; while :; do sleep 0.05; done',
    ]);
    t.after(() => stop([one], 0));
    assert.deepEqual(known(paths), [one]);
    while (lastWords(paths, 'one') !== 'hello') assert(isAlive(one));
    assert(marked(paths).some(({ pid }) => pid === one.pid));
    // somebody else who got the pid later must live
    const stranger = { ...one, started: '1' };
    assert.equal(isAlive(stranger), false);
    await stop([stranger], 0);
    assert(isAlive(one));
    await stop([one], 100);
    assert.equal(isAlive(one), false);
    forget(paths, one);
    assert.deepEqual(known(paths), []);
  },
);

test('a cluster is up only if it was started to the end and all of it lives', onLinux, async (t) => {
  const state = newFolder(t);
  const paths = statePaths(state);
  assert.equal((await clusterStatus(state)).state, 'down');
  const [one, two] = ['one', 'two'].map((name) => start(paths, name, ['sleep', '100']));
  assert(one && two);
  t.after(() => stop([one, two], 0));
  assert.match((await clusterStatus(state)).why ?? '', /not started to the end/);
  assert.equal(seemsUp(state), false);
  writeFileSync(paths.ready, '{}');
  assert.equal(seemsUp(state), true);
  await stop([one], 0);
  assert.equal(seemsUp(state), false);
  assert.match((await clusterStatus(state)).why ?? '', /^one ended/);
});

test('a cluster is used while a person or a living process wants it', onLinux, async (t) => {
  const state = newFolder(t);
  assert.equal(isUsed(state), false);
  enter('process', state);
  assert.equal(isUsed(state), true);
  const gone = spawn('true');
  await once(gone, 'exit');
  rmSync(join(state, 'users', String(process.pid)));
  writeFileSync(join(state, 'users', String(gone.pid)), '1');
  assert.equal(isUsed(state), false);
  enter('person', state);
  assert.equal(isUsed(state), true);
});

test('one at a time: who comes second waits until the first is done, or dead', onLinux, async () => {
  const name = `\0rehome-test-${randomUUID()}`;
  const order: string[] = [];
  const { promise: let_go, resolve } = Promise.withResolvers<void>();
  const first = withLock(
    async () => {
      order.push('first in');
      await let_go;
      order.push('first out');
    },
    undefined,
    name,
  );
  const second = withLock(
    async () => void order.push('second in'),
    () => resolve(),
    name,
  );
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first in', 'first out', 'second in']);

  const script = `import { withLock } from '${import.meta.dirname}/lock.ts';
    await withLock(() => new Promise(() => setInterval(() => console.log('in'), 20)), undefined, '\\0${name.slice(1)}')`;
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  await withLock(
    async () => void order.push('after a death'),
    () => holder.kill('SIGKILL'),
    name,
  );
  assert.equal(order.at(-1), 'after a death');
});

test('the authority vouches for the server under all its names, and for the admin', (t) => {
  const folder = newFolder(t);
  const { token } = makeCertificates(folder);
  const paths = certificatePaths(folder);
  const read = (path: string) => new X509Certificate(readFileSync(path));
  const [ca, server, admin] = [paths.ca.cert, paths.server.cert, paths.admin.cert].map(read);
  assert(ca && server && admin);
  assert(ca.ca);
  for (const one of [server, admin]) assert(one.verify(ca.publicKey) && one.checkIssued(ca));
  for (const address of [addresses.bridge, addresses.firstService]) assert(server.checkIP(address));
  assert(server.checkHost('kubernetes.default.svc'));
  assert.match(admin.subject, /O=system:masters/);
  const config = JSON.parse(kubeconfig(folder, 'https://198.18.0.1:6443', token));
  assert.equal(config['current-context'], 'lab');
  assert.equal(config.users[1].user.token, token);
  assert(readFileSync(paths.tokens, 'utf8').startsWith(`${token},`));
});

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-lab-'));
  mkdirSync(folder, { recursive: true });
  t.after(() => existsSync(folder) && rmSync(folder, { recursive: true }));
  return folder;
}
