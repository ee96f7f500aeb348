import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { type Bench, openFolder, project, without } from './harness.ts';

/** The seed's manifests in a workspace as `rehome init` writes it: what must keep working to the letter. */
describe('the seed', { skip: without('mesos') }, () => {
  test('hcn in prod renders exactly the Marathon app of the seed', async () => {
    await using bench = await seedWorkspace();
    removeFeatures(bench);
    const { stdout } = await bench.runs(0, 'render', 'hcn:1.0.0', '-e', 'prod');
    const app = parse(stdout);
    assert.deepEqual(
      { id: app.id, cmd: app.cmd, cpus: app.cpus, mem: app.mem, instances: app.instances, env: app.env },
      {
        id: '/hcn',
        cmd: 'python /app/hcn/main.py',
        cpus: 0.5,
        mem: 512,
        instances: 4,
        env: { LOGSTASH_TAG: 'hcn-prod' },
      },
    );
    assert.equal(app.container.docker.image, 'anna-repo/hcn:1.0.0');
  });

  test('./deploy-app.sh and ./sync.sh work as people type them', async () => {
    await using bench = await seedWorkspace();
    await bench.runs(0, 'lab', 'up');
    const deployed = await bench.script('deploy-app.sh', '-e', 'test', 'hcn:1.0.0');
    assert.equal(deployed.code, 0, deployed.stderr);
    const there = await bench.json('status', 'hcn', '-e', 'test');
    assert.equal(there.apps[0].homes[0].version, '1.0.0');
    assert.deepEqual(there.apps[0].homes[0].instances, { wanted: 2, running: 2, healthy: 2 });

    const first = await bench.script('deploy-app.sh', '-e', 'test1', 'hcn:1.0.0');
    assert.equal(first.code, 0, first.stderr);
    const synced = await bench.script('sync.sh', '-e', 'test2', '-t', 'test1');
    assert.equal(synced.code, 0, synced.stderr);
    const copied = await bench.json('status', 'hcn', '-e', 'test2');
    assert.equal(copied.apps[0].homes[0].version, '1.0.0');
  });

  test('the example bank has the seed manifests unchanged', () => {
    for (const name of ['hcn.yml', 'account.yml']) {
      const ours = readFileSync(join(project, 'examples/bank/services', name), 'utf8');
      assert.equal(ours, readFileSync(join(project, 'test/fixtures/seed', name), 'utf8'));
    }
  });
});

/** A new workspace with the seed's own manifests, and the bank's image of hcn. */
async function seedWorkspace(): Promise<Bench> {
  const bench = openFolder();
  await bench.runs(0, 'init', '.');
  cpSync(join(project, 'test/fixtures/seed/hcn.yml'), join(bench.folder, 'services/hcn.yml'));
  mkdirSync(join(bench.folder, 'images/hcn'), { recursive: true });
  cpSync(join(project, 'examples/bank/images/hcn/1.0.0'), join(bench.folder, 'images/hcn/1.0.0'), {
    recursive: true,
  });
  return bench;
}

/** The seed's figures come from the conventions alone. */
function removeFeatures({ folder }: Bench): void {
  const path = join(folder, 'rehome.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/^features:\n(?:[ #].*\n|\n)*/m, ''));
}
