import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, until, without } from './harness.ts';

/** Two people, one app; and people who leave in the middle. */
describe('one deployment at a time', { skip: without('local') }, () => {
  test('the second one is told who holds the lock (exit 5), or waits for it', async () => {
    await using bench = await openEcho();
    const first = await held(bench);
    const second = await bench.runs(5, 'deploy', 'echo:1.1.0', '-e', 'dev');
    assert.match(second.stderr, /echo in dev is locked by \S+@\S+ since/);
    const third = bench.start('deploy', 'echo:1.1.0', '-e', 'dev', '--lock-wait', '60s', '--json-stream');
    await third.event((event) => event.type === 'waiting' && /locked by/.test(event.why));
    writeFileSync(join(bench.folder, 'receipts/go'), '');
    assert.equal((await third.ended).code, 0);
    assert.equal((await first.ended).code, 0);
    const { apps } = await bench.json('status', 'echo', '-e', 'dev');
    assert.equal(apps[0].homes[0].version, '1.1.0');
  });

  test('Ctrl-C stops cleanly and says how to go on; resume goes on', async () => {
    await using bench = await openEcho();
    const { id, ran } = await interrupted(bench);
    assert.equal(ran.code, 70, ran.stderr);
    assert.match(ran.stdout + ran.stderr, new RegExp(`rehome resume ${id}`));
    const blocked = await bench.runs(5, 'deploy', 'echo:1.1.0', '-e', 'dev');
    assert.match(blocked.stderr, new RegExp(`rehome resume ${id}`));
    await bench.runs(0, 'resume', id);
    assert.equal((await bench.json('show', id)).status, 'done');
    await bench.runs(2, 'resume', id);
  });

  test('cancel undoes a deployment that nobody carries on', async () => {
    await using bench = await openEcho();
    const { id } = await interrupted(bench);
    await bench.run('cancel', id);
    assert.equal((await bench.json('show', id)).status, 'cancelled');
    assert.deepEqual(
      (await bench.json('status', 'echo', '-e', 'dev')).apps[0]?.homes[0].instances.running ?? 0,
      0,
    );
    await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', 'dev');
  });

  test('cancel stops a deployment that another process carries on', async () => {
    await using bench = await openEcho();
    const running = await held(bench);
    await bench.run('cancel', running.id);
    const ran = await running.ended;
    assert.notEqual(ran.code, 0);
    assert.equal((await bench.json('show', running.id)).status, 'cancelled');
  });

  test('a worker carries on what nobody carries on, and what was detached', async () => {
    await using bench = await openEcho();
    const { id } = await interrupted(bench);
    await bench.runs(0, 'worker', '--once');
    assert.equal((await bench.json('show', id)).status, 'done');
    const detached = await bench.json('deploy', 'echo:1.1.0', '-e', 'dev', '--detach');
    await bench.runs(0, 'worker', '--once');
    await until('the detached deployment is done', async () => {
      const shown: Json = await bench.json('show', detached.deployment);
      return shown.status === 'done' ? shown : undefined;
    });
  });

  test('lock release breaks a lock, loudly', async () => {
    await using bench = await openEcho();
    const { id } = await interrupted(bench);
    const locks = (await bench.json('lock', 'status')).locks;
    assert.deepEqual([locks.length, locks[0].app, locks[0].deployment], [1, 'echo', id]);
    await bench.runs(0, 'lock', 'release', 'echo', '-e', 'dev');
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
    assert.equal((await bench.json('show', id)).status, 'failed');
  });
});

/** A deployment in the middle of its rollout, which does not end before a file `receipts/go` is there. */
async function held(bench: Bench) {
  const running = bench.start('deploy', 'echo:1.4.0', '-e', 'dev', '--json-stream');
  const event = await running.event((one) => one.type === 'instances');
  return { ...running, id: String(event.deployment) };
}

/** The same, stopped with Ctrl-C; whoever carries it on finds it ready to go on. */
async function interrupted(bench: Bench) {
  const running = await held(bench);
  running.child.kill('SIGINT');
  const ran = await running.ended;
  writeFileSync(join(bench.folder, 'receipts/go'), '');
  return { id: running.id, ran };
}

async function openEcho(): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(bench.folder, 'receipts'));
  await bench.runs(0, 'lab', 'up');
  return bench;
}
