import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Edge, Shares } from '../../src/edges/edge.ts';
import { embedded } from '../../src/edges/embedded/embedded.ts';
import { realHost } from '../../src/host/real.ts';
import { isFailure } from '../../src/model/failure.ts';
import type { Snapshot } from '../../src/store/retirements.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type Bench, type Json, openFolder, project, without } from './harness.ts';

/** An app that has moved from one home to another leaves the first one for good, and can come back. */
describe('retiring', { skip: without('mesos') || without('local') }, () => {
  test('it is refused while anything of the app is needed, and each reason is told', async () => {
    await using bench = await openTwin();
    await fillBoth(bench, 'ledger');
    const early = await bench.json('retire', 'ledger', '-e', 'twin', '--from', 'mesos', '--proof', '0');
    assert.deepEqual(unmet(early), ['share', 'duty', 'armed']);
    assert.equal(early.retirements[0].retired, false);
    const told = await bench.runs(1, 'retire', 'ledger', '-e', 'twin', '--from', 'mesos');
    assert.match(told.stderr, /ledger stays in twin\.mesos[\s\S]*✗ share {5}it has 100 % of the traffic/);
    assert.match(told.stderr, /rehome move ledger -e twin --to local/);

    await darken(bench, 'ledger');
    assert.deepEqual(await refusals(bench, 'ledger', '--proof', '0'), []);
    const [instance] = await instancesOf(bench, 'ledger');
    await pointAt(bench, `http://127.0.0.1:${instance}/`);
    const found = (await bench.json(...retiring('ledger'), '--proof', '0', '--dry-run')).retirements[0];
    const callers = found.conditions.find(({ name }: Json) => name === 'callers');
    assert.match(callers.found, /echo in local has 127\.0\.0\.1:\d+ in its env \(PEER\)/);
    await pointAt(bench, 'nowhere');

    // A request that came meanwhile begins the proof anew.
    const first = await bench.json(...retiring('ledger'), '--proof', '1h');
    assert.deepEqual(unmet(first), ['requests']);
    assert.ok(Date.parse(first.retirements[0].retireAt) > Date.now() + 3_500_000);
    const edge = edgeOf(bench);
    await setShare(edge, 'ledger', { mesos: 100, local: 0 });
    await (await fetch(await addressOf(bench, 'ledger'))).text();
    await setShare(edge, 'ledger', { mesos: 0, local: 100 });
    const again = await bench.json(...retiring('ledger'), '--proof', '1h', '--dry-run');
    assert.match(again.retirements[0].conditions[5].found, /^1 request came since /);
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
    assert.deepEqual(await ledgersIn(bench), {
      apps: ['/echo', '/ledger'],
      jobs: ['ledger-close (disabled)'],
    });
  });

  test('with proof it goes, the other home serves on, and --undo brings back what was there', async () => {
    await using bench = await openTwin();
    await fillBoth(bench, 'ledger');
    await darken(bench, 'ledger');
    const planned = await bench.json(...retiring('ledger'), '--proof', '0', '--dry-run');
    assert.deepEqual(
      planned.retirements[0].changes.map(({ action, object }: Json) => `${action} ${object}`),
      ['delete marathon app /ledger', 'delete chronos job ledger-close'],
    );
    assert.deepEqual((await ledgersIn(bench)).apps, ['/ledger']);

    const { retirements } = await bench.json(...retiring('ledger'), '--proof', '1s', '--wait');
    assert.equal(retirements[0].retired, true, JSON.stringify(retirements, null, 1));
    assert.deepEqual(await ledgersIn(bench), { apps: [], jobs: [] });
    assert.deepEqual(await homesOf(bench), { local: ['1.0.0', 100, true, 2] });
    assert.equal((await fetch(await addressOf(bench, 'ledger'))).status, 200);
    assert.deepEqual(await shareOf(edgeOf(bench), 'ledger'), { local: 100 });
    const [last] = (await bench.json('history', 'ledger', '-e', 'twin')).deployments;
    assert.deepEqual([last.action, last.status, last.homes], ['retire', 'done', ['mesos']]);
    const none = await bench.runs(2, ...retiring('ledger'));
    assert.match(none.stderr, /ledger does not live in twin\.mesos/);
    const kept = await snapshotOf(bench, 'ledger');
    assert.deepEqual(
      kept.objects.map(({ kind, id }) => `${kind} ${id}`),
      ['marathon app /ledger', 'chronos job ledger-close'],
    );
    assert.ok(!JSON.stringify(kept).includes(secret));
    assert.equal(Object(kept.objects[0]?.body['env'])['POSTGRES_URL'], '(env:LEDGER_TOKEN)');
    assert.match(kept.manifest?.text ?? '', /app_name: ledger/);

    const back = await bench.json('retire', 'ledger', '-e', 'twin', '--undo');
    assert.equal(back.broughtBack[0].exact, true, JSON.stringify(back, null, 1));
    assert.deepEqual(await homesOf(bench), { mesos: ['1.0.0', 0, false, 2], local: ['1.0.0', 100, true, 2] });
    assert.deepEqual(await ledgersIn(bench), { apps: ['/ledger'], jobs: ['ledger-close (disabled)'] });
    assert.deepEqual((await bench.json('plan', 'ledger:1.0.0', '-e', 'twin')).changes, []);

    await bench.runs(0, ...retiring('ledger'), '--proof', '0');
    const next = await bench.json('deploy', 'ledger:1.1.0', '-e', 'twin');
    assert.deepEqual([next.status, next.homes], ['done', ['local']]);
    const newer = await bench.json('retire', 'ledger', '-e', 'twin', '--undo', '--from', 'mesos');
    assert.equal(newer.broughtBack[0].why, '1.0.0 was retired, and 1.1.0 runs by now');
    assert.deepEqual(await homesOf(bench), { mesos: ['1.1.0', 0, false, 2], local: ['1.1.0', 100, true, 2] });
  });

  test('killed at any step, the same command finishes it, and what was kept is whole', async () => {
    await using bench = await openTwin();
    await fillBoth(bench, 'ledger');
    await darken(bench, 'ledger');
    const moments = [
      ['lock', 'done'],
      ['proof', 'running'],
      ['snapshot', 'running'],
      ['snapshot', 'done'],
      ['edge', 'running'],
      ['remove', 'running'],
      ['remove', 'done'],
    ] as const;
    let deaths = 0;
    for (const [step, status] of moments) {
      const running = bench.start(...retiring('ledger'), '--proof', '0', '--json-stream');
      const event = await running.event(
        (one) => one.type === 'step' && one.step.name === step && one.step.status === status,
      );
      running.child.kill('SIGKILL');
      await running.ended;
      const where = `killed as ${step} was ${status}`;
      if ((await bench.json('show', event.deployment)).status === 'running') deaths++;
      const again = await bench.run(...retiring('ledger'), '--proof', '0', '--json');
      // It may have come to its end before it died.
      if (again.code !== 2) assert.equal(JSON.parse(again.stdout).retirements[0].retired, true, again.stdout);
      assert.deepEqual(await ledgersIn(bench), { apps: [], jobs: [] }, where);
      assert.deepEqual(await homesOf(bench), { local: ['1.0.0', 100, true, 2] }, where);
      assert.deepEqual(await shareOf(edgeOf(bench), 'ledger'), { local: 100 }, where);
      assert.deepEqual((await bench.json('lock', 'status')).locks, [], where);
      const back = await bench.json('retire', 'ledger', '-e', 'twin', '--undo');
      assert.equal(back.broughtBack[0].exact, true, `${where}: ${JSON.stringify(back, null, 1)}`);
    }
    assert.ok(deaths >= moments.length - 1, `only ${deaths} died on their way`);
  });

  test('a home that the last app has left is shown with all that refers to it, and cut out', async () => {
    await using bench = await openTwin();
    for (const app of ['ledger', 'echo']) {
      await fillBoth(bench, app);
      await darken(bench, app);
    }
    writeFileSync(join(bench.folder, 'sync.sh'), '#!/bin/sh\nexec rehome sync -e twin.local -t twin.mesos\n');
    const manifest = join(bench.folder, 'services/ledger.yml');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, `${text}  haproxy_group: external\n  x-who: "{{ 'a' if mesos else 'b' }}"\n`);
    const early = await bench.runs(1, 'retire', '--home', 'twin.mesos', '--yes');
    assert.match(early.stdout, /twin\.mesos is still needed:[\s\S]*ledger is registered there/);
    await bench.runs(0, 'retire', 'ledger', 'echo', '-e', 'twin', '--from', 'mesos', '--proof', '0');

    const before = readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8');
    const nobody = await bench.runs(2, 'retire', '--home', 'twin.mesos');
    assert.match(nobody.stderr, /nobody agreed/);
    const places = [...nobody.stdout.matchAll(/^ {2}(\S+:\d+): /gm)].map(([, place]) => place);
    const [own] = places;
    const lines = text.split('\n').length;
    const further = [`services/ledger.yml:${lines}`, `services/ledger.yml:${lines + 1}`];
    assert.deepEqual(places.slice(1), ['sync.sh:2', ...further]);
    assert.match(own ?? '', /^rehome\.yaml:\d+$/);
    assert.match(
      nobody.stdout,
      /^-\s+mesos: \{ platform: mesos, marathon: lab, chronos: lab \} # the old one$/m,
    );
    assert.equal(readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8'), before);

    await bench.runs(0, 'retire', '--home', 'twin.mesos', '--yes');
    const after = readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8');
    assert.equal(after, before.replace(/^.*# the old one\n/m, ''));
    assert.match(after, /# both are lived in/);
    const next = await bench.json('deploy', 'echo:1.1.0', '-e', 'twin');
    assert.equal(next.status, 'done');
  });
});

const secret = 'a-token-that-nobody-may-see';

async function openTwin(): Promise<Bench> {
  process.env['LEDGER_TOKEN'] = secret;
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(bench.folder, 'receipts'));
  const path = join(bench.folder, 'rehome.yaml');
  const twin =
    'environments:\n  twin:\n    stage: test\n    # both are lived in\n    homes:\n' +
    '      mesos: { platform: mesos, marathon: lab, chronos: lab } # the old one\n      local: { platform: local }\n';
  const whole = readFileSync(path, 'utf8').replace(/environments:\n[\s\S]*?\n\n/, `${twin}\n`);
  writeFileSync(path, `${whole}features: { postgres: { url: "env:LEDGER_TOKEN" } }\n`);
  const ledger = join(bench.folder, 'services/ledger.yml');
  writeFileSync(ledger, `${readFileSync(ledger, 'utf8')}  postgres: True\n`);
  await bench.runs(0, 'lab', 'up');
  return bench;
}

async function fillBoth(bench: Bench, app: string): Promise<void> {
  await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin');
  await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin.local');
}

/** As a move would leave it: everything in `local`, crons armed there, and `mesos` dark. */
async function darken(bench: Bench, app: string): Promise<void> {
  await setShare(edgeOf(bench), app, { mesos: 0, local: 100 });
  const store = storeOf(bench);
  const homes = (['mesos', 'local'] as const).map((home) => ({
    home,
    share: home === 'local' ? 100 : 0,
    duty: home === 'local',
    phase: 'settled',
  }));
  assert.equal(await store.saveResidence({ app, environment: 'twin', homes }), undefined);
  store.close();
  await bench.runs(0, 'deploy', `${app}:1.0.0`, '-e', 'twin');
}

function storeOf({ folder }: Bench): Store {
  const store = openSqliteStore(join(folder, '.rehome/state.db'), { now: Date.now, alive: () => true });
  return isFailure(store) ? assert.fail(store.message) : store;
}

async function snapshotOf(bench: Bench, app: string): Promise<Snapshot> {
  const store = storeOf(bench);
  const found = await store.snapshots({ app });
  store.close();
  const [snapshot] = isFailure(found) ? [] : found;
  return snapshot ?? assert.fail('nothing was kept');
}

/** The echo has a variable with an address that somebody wrote there by hand. */
async function pointAt(bench: Bench, address: string): Promise<void> {
  const manifest = `application:\n  app_name: echo\n  env: { PEER: "${address}" }\n  test: { cpu: 0.1, mem: 64, instances: 1 }\n`;
  writeFileSync(join(bench.folder, 'services/echo.yml'), manifest);
  for (const home of ['mesos', 'local']) await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', `twin.${home}`);
}

function retiring(app: string): readonly string[] {
  return ['retire', app, '-e', 'twin', '--from', 'mesos'];
}

async function refusals(bench: Bench, app: string, ...more: readonly string[]): Promise<readonly string[]> {
  return unmet(await bench.json(...retiring(app), ...more, '--dry-run'));
}

function unmet({ retirements }: Json): readonly string[] {
  return retirements[0].conditions.filter(({ met }: Json) => !met).map(({ name }: Json) => name);
}

function edgeOf({ folder }: Bench): Edge {
  const context = { host: realHost(), environment: 'twin', folder: join(folder, '.rehome/edge') };
  return embedded.connect({}, context);
}

async function setShare(edge: Edge, app: string, shares: Shares): Promise<void> {
  const failure = await edge.setShare(app, shares);
  if (failure) assert.fail(failure.message);
}

async function shareOf(edge: Edge, app: string) {
  return await edge.getShare(app);
}

async function addressOf(bench: Bench, app: string): Promise<string> {
  return (await bench.json('status', app, '-e', 'twin')).apps[0].address;
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

/** Ports of the app's instances in the Mesos home. */
async function instancesOf(bench: Bench, app: string): Promise<readonly number[]> {
  const { marathon } = clusterOf(bench);
  const { tasks } = await ask(`${marathon}/v2/apps/${app}/tasks`);
  return tasks.map(({ ports }: Json) => ports[0]);
}

/** What Marathon and Chronos have. */
async function ledgersIn(bench: Bench): Promise<{ apps: readonly string[]; jobs: readonly string[] }> {
  const { marathon, chronos } = clusterOf(bench);
  const { apps } = await ask(`${marathon}/v2/apps`);
  const jobs: readonly Json[] = await ask(`${chronos}/v1/scheduler/jobs`);
  const crons = jobs.filter(({ description }) => !description.startsWith('rehome once='));
  return {
    apps: apps.map(({ id }: Json) => id).sort(),
    jobs: crons.map(({ name, disabled }) => (disabled ? `${name} (disabled)` : name)),
  };
}

function clusterOf({ folder }: Bench): Json {
  return JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8')).clusters.twin;
}

async function ask(url: string): Promise<Json> {
  return await (await fetch(url)).json();
}
