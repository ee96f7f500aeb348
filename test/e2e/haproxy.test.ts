import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startLoad } from '../load/start.ts';
import { withoutHaproxy } from '../suites/edge/haproxy.ts';
import { type Bench, openBank, openFolder, project, without } from './harness.ts';

const skip = without('mesos') || withoutHaproxy();

/** The same as traffic.test.ts, through a real HAProxy: what users send while the team deploys is all answered. */
describe('behind haproxy', { skip }, () => {
  for (const mode of ['keep-alive', 'close'] as const)
    test(`upgrade, broken version and rollback lose no request (${mode})`, async () => {
      await using bench = openFolder(join(project, 'test/fixtures/echo'));
      behindHaproxy(bench, /homes: \{ mesos: .*\}\n/);
      mkdirSync(join(bench.folder, 'receipts'));
      await bench.runs(0, 'lab', 'up');
      await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
      assert.ok(haproxiesIn(bench.folder).length > 0, 'it is HAProxy that answers');
      const { apps } = await bench.json('status', 'echo', '-e', 'test1');
      const { hostname: host, port } = new URL(apps[0].address);
      const receipts = join(bench.folder, 'receipts');
      const load = startLoad({
        host,
        port: Number(port),
        path: '/',
        rate: 500,
        mode,
        methods: ['GET', 'POST'],
        receipts,
      });
      const work = async () => {
        await bench.runs(0, 'deploy', 'echo:1.1.0', '-e', 'test1');
        await bench.runs(4, 'deploy', 'echo:1.2.0', '-e', 'test1');
        await bench.runs(0, 'rollback', 'echo', '-e', 'test1');
      };
      const outcome = await work().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const counts = await load.stop();
      if (outcome) throw outcome.error;
      const shown = JSON.stringify(counts, null, 1);
      assert.deepEqual([counts.failed, counts.posts?.duplicated, counts.posts?.missing], [0, 0, 0], shown);
      assert.ok(counts.byMethod.GET.answered > 1_000 && counts.byMethod.POST.answered > 1_000, shown);
      await bench.runs(0, 'lab', 'down');
      assert.deepEqual(haproxiesIn(bench.folder), [], 'it ends with the lab');
    });

  test('the bank runs as it does elsewhere, and doctor finds it', async () => {
    await using bench = await openBank();
    behindHaproxy(bench, /(?<= {2}test2:\n(?: {4}.*\n| {6}.*\n)*?) {4}edge: .*\n/);
    await bench.runs(0, 'deploy', 'account:1.0.0', 'hcn:1.0.0', '-e', 'test2');
    const { apps } = await bench.json('status', '-e', 'test2');
    for (const { address } of apps.filter((app: { address?: string }) => app.address)) {
      const answer = await fetch(`${address}/version`);
      assert.equal(answer.status, 200, address);
    }
    const { stdout } = await bench.run('doctor');
    assert.match(stdout, /edge test2.*HAProxy \d+\.\d+/);
  });
});

/** Gives an environment of rehome.yaml the edge `haproxy`, after or instead of the line that fits. */
function behindHaproxy({ folder }: Bench, line: RegExp): void {
  const path = join(folder, 'rehome.yaml');
  const text = readFileSync(path, 'utf8');
  const found = line.exec(text)?.[0];
  assert.ok(found, 'rehome.yaml has another form than this test knows');
  const kept = found.includes('edge:') ? '' : found;
  writeFileSync(path, text.replace(line, `${kept}    edge: { type: haproxy }\n`));
}

function haproxiesIn(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      return /^\d+$/.test(pid) && cwd.startsWith(folder) && cwd.includes('haproxy');
    } catch {
      return false;
    }
  });
}
