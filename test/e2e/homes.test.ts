import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, without } from './harness.ts';

/** One environment, two homes: what begins where, what goes to both, and whose word counts. */
describe('an environment with two homes', { skip: without('mesos') || without('local') }, () => {
  test('the second home is dark until told otherwise; then one deploy goes to both', async () => {
    await using bench = await openTwin();
    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'twin');
    assert.deepEqual(await homesOf(bench), { mesos: ['1.0.0', 100, true, 2] });

    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'twin.local');
    const both = { mesos: ['1.0.0', 100, true, 2], local: ['1.0.0', 0, false, 2] };
    assert.deepEqual(await homesOf(bench), both);
    assert.deepEqual(await armed(bench), { mesos: [true], local: [false] });
    assert.equal(ran(bench, 'up 1.0.0'), 1, 'the migration ran on duty only');
    assert.deepEqual((await bench.json('plan', 'ledger:1.0.0', '-e', 'twin')).changes, []);

    const shown = await bench.json('deploy', 'ledger:1.1.0', '-e', 'twin');
    assert.deepEqual(shown.homes, ['mesos', 'local']);
    assert.deepEqual(await homesOf(bench), { mesos: ['1.1.0', 100, true, 2], local: ['1.1.0', 0, false, 2] });
    assert.deepEqual(await armed(bench), { mesos: [true], local: [false] });
    assert.equal(ran(bench, 'up 1.1.0'), 1, 'one migration for both homes');
  });

  test('a dark home that fails stays behind and says so; a home that serves decides', async () => {
    await using bench = await openTwin();
    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'twin');
    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'twin.local');

    breakOn(bench, 'local');
    const told = await bench.json('deploy', 'ledger:1.1.0', '-e', 'twin');
    assert.equal(told.status, 'done');
    const rollout = told.steps.find(({ name }: Json) => name === 'rollout');
    assert.match(
      rollout.message,
      /local has no share and stays behind: .*not become healthy.*back at 1\.0\.0/,
    );
    assert.deepEqual(await homesOf(bench), { mesos: ['1.1.0', 100, true, 2], local: ['1.0.0', 0, false, 2] });
    assert.deepEqual(await armed(bench), { mesos: [true], local: [false] });

    // Where it is the only one asked, its word counts.
    const alone = await bench.runs(4, 'deploy', 'ledger:1.1.0', '-e', 'twin.local');
    assert.match(alone.stderr, /twin\.local does not become healthy/);

    breakOn(bench, 'mesos');
    await bench.runs(4, 'deploy', 'ledger:1.2.0', '-e', 'twin');
    assert.deepEqual(await homesOf(bench), { mesos: ['1.1.0', 100, true, 2], local: ['1.0.0', 0, false, 2] });
    assert.equal(ran(bench, 'down 1.2.0'), 1);
  });

  test('a store that was lost finds homes, shares, duty and schema again by looking', async () => {
    await using bench = await openTwin();
    // The first home of the app is not the first one of the environment, and crons tell nothing of an echo.
    for (const app of ['ledger', 'echo']) {
      await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin.local');
      await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin.mesos');
      await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin');
    }
    const standing = await bench.json('status', '-e', 'twin');
    assert.deepEqual(await homesOf(bench), { mesos: ['1.0.0', 0, false, 2], local: ['1.0.0', 100, true, 2] });
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(bench.folder, `.rehome/state.db${end}`), { force: true });
    assert.deepEqual(await bench.json('status', '-e', 'twin'), standing);
    const plan = await bench.json('plan', 'ledger:1.0.0', '-e', 'twin');
    assert.deepEqual([plan.changes, plan.apps[0].migrates], [[], undefined]);
    for (const app of ['ledger', 'echo']) {
      const again = await bench.json('deploy', `${app}:1.0.0`, '-e', 'twin');
      assert.equal(again.status, 'done');
      assert.equal(again.steps.find(({ name }: Json) => name === 'check').message, 'nothing to change');
    }
    assert.deepEqual(await bench.json('status', '-e', 'twin'), standing);
    assert.deepEqual(await armed(bench), { mesos: [false], local: [true] });
    assert.equal(ran(bench, 'up 1.0.0'), 1);

    // What the store never knew is gone back to all the same.
    rmSync(join(bench.folder, '.rehome/state.db'));
    breakOn(bench, 'local');
    await bench.runs(4, 'deploy', 'ledger:1.1.0', '-e', 'twin');
    assert.deepEqual(await homesOf(bench), { mesos: ['1.0.0', 0, false, 2], local: ['1.0.0', 100, true, 2] });
    assert.deepEqual(await armed(bench), { mesos: [false], local: [true] });
  });
});

async function openTwin(): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(bench.folder, 'receipts'));
  const path = join(bench.folder, 'rehome.yaml');
  const twin =
    'environments:\n  twin:\n    stage: test\n    homes:\n' +
    '      mesos: { platform: mesos, marathon: lab, chronos: lab }\n      local: { platform: local }\n';
  const text = readFileSync(path, 'utf8').replace(/environments:\n[\s\S]*?\n\n/, `${twin}\n`);
  writeFileSync(path, text);
  await bench.runs(0, 'lab', 'up');
  return bench;
}

/** From now on what is deployed to that home does not start. */
function breakOn({ folder }: Bench, home: 'mesos' | 'local'): void {
  const path = join(folder, 'services/ledger.yml');
  const whole = readFileSync(path, 'utf8').replace(/ {2}command: "\{\{.*\n/, '');
  const [there, elsewhere] = home === 'mesos' ? ['false', 'node main.js'] : ['node main.js', 'false'];
  writeFileSync(path, `${whole}  command: "{{ '${there}' if mesos else '${elsewhere}' }}"\n`);
}

/** Version, share, duty and healthy instances of the ledger, by home. */
async function homesOf(bench: Bench): Promise<Json> {
  const { apps } = await bench.json('status', 'ledger', '-e', 'twin');
  const homes: readonly Json[] = apps[0].homes;
  return Object.fromEntries(
    homes.map(({ home, version, share, duty, instances }) => [
      home,
      [version, share, duty, instances.healthy],
    ]),
  );
}

/** Whether the ledger's periodic tasks are armed, seen where they live. */
async function armed({ folder }: Bench): Promise<Json> {
  const lab = JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8'));
  const { crons } = await ask(`${lab.api}/v1/scopes/twin/crons`);
  const jobs = await ask(`${lab.clusters.twin.chronos}/v1/scheduler/jobs`);
  return {
    mesos: jobs.filter(({ name }: Json) => name === 'ledger-close').map(({ disabled }: Json) => !disabled),
    local: crons.map((cron: Json) => cron.armed),
  };
}

async function ask(url: string): Promise<Json> {
  return await (await fetch(url)).json();
}

function ran({ folder }: Bench, line: string): number {
  const tasks = readFileSync(join(folder, 'receipts/tasks'), 'utf8');
  return tasks.split('\n').filter((one) => one === line).length;
}
