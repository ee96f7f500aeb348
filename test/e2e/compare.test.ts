import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseDocument } from 'yaml';
import { pathsOf } from './comparisons.ts';
import { type Bench, type Json, openFolder, project, without } from './harness.ts';

/** The bank's hcn and account in two homes of one environment, and what somebody changes there by hand. */
describe('compare', { skip: without('mesos') || without('local') }, () => {
  test('two homes that are as they should be, and everything that is changed behind our back', async () => {
    await using bench = await openTwin();
    const compared = await bench.json('compare', 'test1.mesos', 'test1.local');
    assert.deepEqual(
      compared.apps.map(({ app, verdict }: Json) => [app, verdict]),
      [
        ['account', 'equal'],
        ['hcn', 'accepted'],
      ],
    );
    const [, hcn] = compared.apps;
    assert.deepEqual(pathsOf(hcn), {
      accepted: ['services.hcn.env.RMQ_URL'],
      equivalent: ['notes.secret-in-plain-env'],
    });
    await bench.runs(0, 'compare', 'test1.mesos', 'test1.local');
    assert.match(
      (await bench.runs(0, 'compare', 'test1.mesos', 'test1.mesos')).stdout,
      /^2 apps .*: equal\.\n$/,
    );

    await changeService(bench);
    const changed = await bench.runs(3, 'compare', 'test1.mesos', 'test1.local', 'hcn', '--json');
    const password = readFileSync(join(bench.folder, 'secrets/example-password'), 'utf8').trim();
    for (const secret of ['by-hand-secret', password]) assert.ok(!changed.stdout.includes(secret));
    assert.deepEqual(pathsOf(JSON.parse(changed.stdout).apps[0]).blocking, [
      'services.hcn.env.LOGSTASH_TAG',
      'services.hcn.env.RMQ_PASSWORD',
      'services.hcn.memory',
      'notes.not-in-model.constraints',
    ]);
    // Whichever home is named first.
    await bench.runs(3, 'compare', 'test1.local', 'test1.mesos', 'hcn');

    const ticks = await changeCron(bench);
    const account = (await bench.json('compare', 'test1.mesos', 'test1.local', 'account')).apps[0];
    assert.deepEqual(pathsOf(account), { blocking: ['crons.ONE_ANOTHER_BATCH_TASK.schedule'] });
    assert.match(account.differences[0].left, ticks);

    await bench.runs(0, 'deploy', 'hcn:1.1.0', '-e', 'test1.local', '--skip', 'watch');
    const skewed = (await bench.json('compare', 'test1.mesos', 'test1.local', 'hcn')).apps[0];
    assert.equal(skewed.differences[0].path, 'version');
    assert.equal(skewed.differences[0].verdict, 'blocking');
  });

  test('what somebody answers for until a day, and what cannot be found out', async () => {
    await using bench = await openTwin();
    await changeService(bench);
    accept(bench, { path: 'services.hcn.*', app: 'hcn', owner: 'anna', until: '2999-12-31', why: 'a trial' });
    accept(bench, {
      path: 'notes.not-in-model.constraints',
      owner: 'anna',
      until: '2999-12-31',
      why: 'nodes are alike',
    });
    const { stdout } = await bench.runs(0, 'compare', 'test1.mesos', 'test1.local', 'hcn');
    assert.match(stdout, /services\.hcn\.memory: accepted by anna until 2999-12-31: a trial/);
    accept(bench, { path: 'services.hcn.memory', owner: 'bert', until: '2020-01-01', why: 'old' });
    await bench.runs(0, 'compare', 'test1.mesos', 'test1.local', 'hcn');
    writeFileSync(
      join(bench.folder, 'rehome.yaml'),
      readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8').replaceAll('2999-12-31', '2020-12-31'),
    );
    const over = await bench.runs(3, 'compare', 'test1.mesos', 'test1.local', 'hcn');
    assert.match(
      over.stdout,
      /blocking services\.hcn\.memory: .*anna accepted it until 2020-12-31, which is over/,
    );

    await bench.runs(2, 'compare', 'test1.mesos', 'test1.nowhere');
    await bench.runs(2, 'compare', 'test1', 'test1.local');
    await bench.runs(2, 'compare', 'test1.mesos', 'test1.local', 'nobody');
    const gone = await bench.json('compare', 'test1.mesos', 'test1.away', 'hcn');
    assert.equal(gone.error.code, 'not-compared');
    await bench.runs(2, 'compare', 'test1.mesos', 'test1.away');
  });
});

async function openTwin(): Promise<Bench> {
  const bench = openFolder(join(project, 'examples/bank'));
  edit(bench, (document) => {
    document.deleteIn(['environments', 'test']);
    document.deleteIn(['environments', 'prod']);
    document.setIn(['conventions', 'watch'], '0s');
    document.setIn(['environments', 'test1', 'edge'], { type: 'embedded' });
    document.setIn(['environments', 'test1', 'homes'], {
      mesos: { platform: 'mesos', marathon: 'lab', chronos: 'lab' },
      local: { platform: 'local' },
      away: { platform: 'mesos', marathon: 'http://127.0.0.1:1' },
    });
  });
  await bench.runs(0, 'lab', 'up');
  const apps = ['hcn:1.0.0', 'account:1.0.0'];
  await bench.runs(0, 'deploy', ...apps, '-e', 'test1.mesos');
  await bench.runs(0, 'deploy', ...apps, '-e', 'test1.local');
  return bench;
}

function edit({ folder }: Bench, change: (document: ReturnType<typeof parseDocument>) => void): void {
  const path = join(folder, 'rehome.yaml');
  const document = parseDocument(readFileSync(path, 'utf8'));
  change(document);
  writeFileSync(path, String(document));
}

function accept(bench: Bench, acceptance: Readonly<Record<string, string>>): void {
  edit(bench, (document) => {
    const known = document.toJS().moves?.accept ?? [];
    document.setIn(['moves', 'accept'], document.createNode([...known, acceptance]));
  });
}

/** As somebody does who goes to Marathon by himself. */
async function changeService(bench: Bench): Promise<void> {
  const url = `${labOf(bench).clusters.test1.marathon}/v2/apps//hcn`;
  const { app } = await ask('GET', url);
  const env = { ...app.env, LOGSTASH_TAG: 'by-hand', RMQ_PASSWORD: 'by-hand-secret' };
  await ask('PUT', `${url}?force=true`, { mem: 256, env, constraints: [['hostname', 'UNIQUE']] });
}

/** The expression that the comparison shows in its place. */
async function changeCron(bench: Bench): Promise<RegExp> {
  const scheduler = `${labOf(bench).clusters.test1.chronos}/v1/scheduler`;
  const jobs: Json[] = await ask('GET', `${scheduler}/jobs`);
  const job = jobs.find(({ name }) => name === 'ONE_ANOTHER_BATCH_TASK');
  const schedule = 'R/2030-01-01T00:05:00.000Z/PT25M';
  await ask('POST', `${scheduler}/iso8601`, { ...job, schedule });
  return /^R\/2030-01-01T00:05:00\.000Z\/PT25M: 2030-01-01T00:05Z 2030-01-01T00:30Z/;
}

function labOf({ folder }: Bench): Json {
  return JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8'));
}

async function ask(method: string, url: string, body?: unknown): Promise<Json> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers: { 'Content-Type': 'application/json' }, ...init });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
