import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Counts } from '../load/counts.ts';
import { startLoad } from '../load/start.ts';
import { type Bench, openFolder, project, without } from './harness.ts';

const rate = 600;

/**
 * Users send GETs and POSTs through the edge, on raw sockets without retries, while the team upgrades, ships a
 * version that cannot start, and goes back: none of them notices.
 */
for (const [environment, platform] of [
  ['test1', 'mesos'],
  ['dev', 'local'],
] as const) {
  describe(`under load in ${environment}`, { skip: without(platform) }, () => {
    for (const mode of ['keep-alive', 'close'] as const) {
      test(`upgrade, broken version and rollback lose no request (${mode})`, async () => {
        await using bench = await openEcho();
        await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', environment);
        const counts = await underLoad(bench, environment, mode, async () => {
          await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', environment);
          const broken = await bench.runs(4, 'deploy', 'echo:1.2.0', '-e', environment);
          assert.match(broken.stderr, /cannot start: the ledger does not answer/);
          await bench.runs(0, 'rollback', 'echo', '-e', environment);
        });
        nothingLost(counts);
        const { apps } = await bench.json('status', 'echo', '-e', environment);
        assert.equal(apps[0].homes[0].version, '1.0.0');
        assert.deepEqual(apps[0].homes[0].instances, { wanted: 3, running: 3, healthy: 3 });
      });
    }
  });
}

describe('a home that holds instances until the edge has let go', { skip: without('local') }, () => {
  test('loses no request of an app that ends at once when told to', async () => {
    await using bench = await openEcho();
    await bench.runs(0, 'deploy', 'echo:1.3.0', '-e', 'dev');
    const counts = await underLoad(bench, 'dev', 'keep-alive', async () => {
      await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', 'dev');
      await bench.runs(0, 'deploy', 'echo:1.3.0', '-e', 'dev');
      await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'dev');
    });
    nothingLost(counts);
  });
});

async function openEcho(): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(bench.folder, 'receipts'));
  await bench.runs(0, 'lab', 'up');
  return bench;
}

async function underLoad(
  bench: Bench,
  environment: string,
  mode: 'keep-alive' | 'close',
  work: () => Promise<void>,
): Promise<Counts> {
  const { apps } = await bench.json('status', 'echo', '-e', environment);
  const { hostname: host, port } = new URL(apps[0].address);
  const receipts = join(bench.folder, 'receipts');
  const load = startLoad({
    host,
    port: Number(port),
    path: '/',
    rate,
    mode,
    methods: ['GET', 'POST'],
    receipts,
  });
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  // Whatever happened to the work, the load ends.
  const counts = await load.stop();
  if (outcome) throw outcome.error;
  return counts;
}

function nothingLost(counts: Counts): void {
  const shown = JSON.stringify(counts, null, 1);
  assert.equal(counts.failed, 0, shown);
  assert.equal(counts.posts?.duplicated, 0, shown);
  assert.equal(counts.posts?.missing, 0, shown);
  assert.ok(counts.rate.achieved >= 500, shown);
  assert.ok(counts.byMethod.GET.answered > 1_000 && counts.byMethod.POST.answered > 1_000, shown);
}
