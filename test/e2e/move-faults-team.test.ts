import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { type Bench, project, without } from './harness.ts';
import { at, everyTickOnce, livesIn, notHot, nothingLost, openMoving, underLightLoad } from './moving.ts';

const skip = without('mesos') || without('local');
const move = (to: string, hold: string) =>
  ['move', 'echo', '-e', 'test1', '--to', to, '--hold', hold, '--json-stream'] as const;

describe('what else goes wrong during a move', { skip }, () => {
  test('a version that cannot start is taken back everywhere; a store that is away ends nothing', async () => {
    await using bench = await openMoving();
    cpSync(join(project, 'test/fixtures/echo/images/echo/1.2.0'), join(bench.folder, 'images/echo/1.2.0'), {
      recursive: true,
    });
    const counts = await underLightLoad(bench, 'keep-alive', async () => {
      const moving = bench.start(...move('local', '1s'));
      await moving.event(at(10));
      const broken = await bench.runs(4, 'deploy', 'echo:1.2.0', '-e', 'test1');
      assert.match(broken.stderr, /cannot start: the ledger does not answer/);
      const ended = await moving.ended;
      assert.equal(ended.code, 0, ended.stderr);
      notHot(ended.stdout);
      await livesIn(bench, 'local');

      const held = bench.start(...move('mesos', '300ms'));
      await held.event(at(50, 'mesos'));
      const stopped = await withoutStore(bench, () => held.ended);
      assert.equal(stopped.code, 1, stopped.stdout);
      assert.match(stopped.stderr + stopped.stdout, /state.db cannot be used: database is locked/);
      await bench.runs(0, 'move', 'resume', 'echo', '-e', 'test1');
      await livesIn(bench, 'mesos');
    });
    nothingLost(counts);
    everyTickOnce(bench);
    const { apps } = await bench.json('status', 'echo', '-e', 'test1');
    assert.deepEqual(
      apps[0].homes.map(({ version }: { version: string }) => version),
      ['1.0.0', '1.0.0'],
    );
  });
});

/** Nobody can write to the store until it is done. */
async function withoutStore<T>({ folder }: Bench, work: () => Promise<T>): Promise<T> {
  using store = new DatabaseSync(join(folder, '.rehome/state.db'));
  store.exec('BEGIN EXCLUSIVE');
  return await work();
}
