import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Bench, type Json, openFolder, without } from './harness.ts';

const config = (process = '') => `conventions:
  image: "app:{version}"
  command: node main.js
  env: { VERSION: "{version}", RECEIPTS: ../../receipts }
  health: { path: /, interval: 300ms, timeout: 1s, failures: 3, grace: 20s }
  rollout: { deadline: 60s }
environments:
  dev: { stage: test, homes: { local: { platform: local } } }
${process}
notify:
  - { type: file, path: receipts/messages }
images: { "app:{version}": images/app }
`;
const manifest = (more: string) =>
  `application:\n  app_name: app\n  test: { cpu: 0.1, mem: 64, instances: 1 }\n${more}`;

// Broken from version 2 on.
const main = `import { createServer } from 'node:http';
const { PORT, VERSION } = process.env;
if (VERSION.startsWith('2.')) process.exit(3);
createServer((_request, response) => response.end(VERSION)).listen(Number(PORT), '127.0.0.1');
`;
const task = `import { appendFileSync } from 'node:fs';
const { RECEIPTS, VERSION } = process.env;
const [what, code = '0'] = process.argv.slice(2);
appendFileSync(RECEIPTS + '/tasks', what + ' ' + VERSION + '\\n');
console.log(what + ' says: the table is not there');
process.exitCode = Number(code);
`;

/** What is taken back when something fails, and what is not. */
describe('a deployment that fails', { skip: without('local') }, () => {
  let bench: Bench;

  before(async () => {
    bench = openFolder();
    for (const folder of ['services', 'images/app', 'receipts']) {
      mkdirSync(join(bench.folder, folder), { recursive: true });
    }
    write('images/app/package.json', '{ "type": "module" }');
    write('images/app/main.js', main);
    write('images/app/task.js', task);
    write('rehome.yaml', config());
    write('services/app.yml', manifest(''));
    await bench.runs(0, 'lab', 'up');
    await bench.runs(0, 'deploy', 'app:1.0.0', '-e', 'dev');
  });
  after(async () => await bench?.[Symbol.asyncDispose]());
  beforeEach(() => {
    write('rehome.yaml', config());
    write('receipts/tasks', '');
    rmSync(join(bench.folder, 'receipts/messages'), { force: true });
  });

  test('in its rollout: the data goes back where the migration says how, and comes again', async () => {
    write('services/app.yml', manifest('  migration: { up: node task.js up, down: node task.js down }\n'));
    for (const version of ['2.0.0', '2.0.0']) {
      const shown = await fails(4, version);
      assert.deepEqual(stepsOf(shown, 'migrate', 'rollout'), ['undone', 'undone']);
      assert.match(read('receipts/messages'), /was rolled back/);
    }
    assert.deepEqual(tasks(), ['up 2.0.0', 'down 2.0.0', 'up 2.0.0', 'down 2.0.0']);
    await stands('1.0.0');
  });

  test('in its rollout, without a way back for the data: the data stays, and is not migrated twice', async () => {
    write('services/app.yml', manifest('  migration: node task.js up\n'));
    const shown = await fails(4, '2.1.0');
    assert.match(step(shown, 'migrate').message, /schema 2\.1\.0 stays/);
    await fails(4, '2.1.0');
    assert.deepEqual(tasks(), ['up 2.1.0']);
    await stands('1.0.0');
  });

  test('in a test of the new version: all is taken back', async () => {
    write(
      'services/app.yml',
      manifest(
        '  migration: { up: node task.js up, down: node task.js down }\n' +
          '  tests: { after: [{ name: asks, http: /, contains: no such words }] }\n',
      ),
    );
    const { failure, ...shown } = await fails(4, '1.1.0');
    assert.match(failure.message, /asks.*no such words/);
    assert.deepEqual(stepsOf(shown, 'migrate', 'rollout', 'test:after'), ['undone', 'undone', 'failed']);
    assert.deepEqual(tasks(), ['up 1.1.0', 'down 1.1.0']);
    await stands('1.0.0');
  });

  test('in a test of a version that has a cron no more: the cron comes back, and is awake', async () => {
    write('services/app.yml', manifest('  crons: [{ name: app-tick, every: 1h, command: "true" }]\n'));
    await bench.runs(0, 'deploy', 'app:1.0.0', '-e', 'dev');
    write(
      'services/app.yml',
      manifest('  tests: { after: [{ name: asks, http: /, contains: no such words }] }\n'),
    );
    const shown = await fails(4, '1.1.0');
    assert.deepEqual(stepsOf(shown, 'crons', 'test:after'), ['undone', 'failed']);
    assert.deepEqual(
      (await listed('crons')).crons.map(({ name, armed }: Json) => [name, armed]),
      [['app.app-tick', true]],
    );
    write('services/app.yml', manifest(''));
    await bench.runs(0, 'deploy', 'app:1.0.0', '-e', 'dev');
  });

  test('in a test before anything changes: nothing changed', async () => {
    write(
      'services/app.yml',
      manifest(
        '  migration: { up: node task.js up, down: node task.js down }\n' +
          '  tests: { before: [{ name: disk, command: "echo the disk is full; exit 7" }] }\n',
      ),
    );
    const standing = await services();
    const shown = await fails(1, '1.1.0');
    assert.equal(shown.status, 'failed');
    assert.match(shown.failure.details, /the disk is full/);
    assert.deepEqual(stepsOf(shown, 'test:before', 'migrate', 'rollout'), ['failed', 'pending', 'pending']);
    assert.deepEqual(tasks(), []);
    assert.deepEqual(await services(), standing);
  });

  test('in its migration: what the migration printed is shown, the service is not touched', async () => {
    const standing = await services();
    write('services/app.yml', manifest('  migration: node task.js up 9\n'));
    const told = await bench.runs(1, 'deploy', 'app:1.1.0', '-e', 'dev');
    assert.match(told.stderr, /migration of app to schema 1\.1\.0 failed: .*9/);
    assert.match(told.stderr, /up says: the table is not there/);
    write('services/app.yml', manifest('  migration: { up: node task.js up 9, down: node task.js down }\n'));
    const shown = await fails(4, '1.1.0');
    assert.deepEqual(stepsOf(shown, 'migrate', 'rollout'), ['undone', 'pending']);
    assert.deepEqual(tasks(), ['up 1.1.0', 'up 1.1.0', 'down 1.1.0']);
    assert.deepEqual(await services(), standing);
  });

  test('in a step of its own: what such steps did before is undone by their own words', async () => {
    await using desk = await answering();
    write('services/app.yml', manifest(''));
    write(
      'rehome.yaml',
      config(`process:
  - lock
  - check
  - { name: ask, approve: "Is it time?" }
  - { name: flag, exec: "echo set $REHOME_VERSION $WHO >> receipts/tasks", undo: "echo cleared >> receipts/tasks", env: { WHO: me } }
  - rollout
  - { name: tell, http: "${desk.url}", method: POST, status: 201 }
  - notify`),
    );
    desk.answer(201);
    const running = bench.start('deploy', 'app:1.2.0', '-e', 'dev', '--json-stream');
    const { deployment } = await running.event(
      ({ type, why }) => type === 'waiting' && /Is it time/.test(why),
    );
    assert.deepEqual(tasks(), []);
    await bench.runs(0, 'approve', deployment);
    assert.equal((await running.ended).code, 0);
    assert.deepEqual(tasks(), ['set 1.2.0 me']);
    await stands('1.2.0');

    desk.answer(500);
    const second = bench.start('deploy', 'app:1.3.0', '-e', 'dev', '--json-stream');
    const asked = await second.event(({ type }) => type === 'waiting');
    await bench.runs(0, 'approve', asked.deployment);
    assert.equal((await second.ended).code, 4);
    const shown = await bench.json('show', asked.deployment);
    assert.match(shown.failure.message, /tell.*500, not 201/);
    assert.deepEqual(stepsOf(shown, 'ask', 'flag', 'rollout', 'tell'), [
      'done',
      'undone',
      'undone',
      'failed',
    ]);
    assert.deepEqual(tasks().slice(1), ['set 1.3.0 me', 'cleared']);
    await stands('1.2.0');
  });

  test('and cannot be undone: needs an operator, and nobody builds on it before', async () => {
    write('services/app.yml', manifest(''));
    write(
      'rehome.yaml',
      config(`process:
  - lock
  - { name: flag, exec: "true", undo: "echo the flag is stuck; exit 5" }
  - check
  - rollout
  - notify`),
    );
    const told = await bench.runs(1, 'deploy', 'app:2.2.0', '-e', 'dev');
    assert.match(told.stderr, /Undoing flag failed as well: .*5/);
    assert.match(told.stderr, /rehome lock release app -e dev/);
    assert.match(read('receipts/messages'), /needs an operator/);
    const { locks } = await bench.json('lock', 'status');
    assert.equal(locks.length, 1);
    const shut = await bench.runs(5, 'deploy', 'app:1.2.0', '-e', 'dev');
    assert.match(
      shut.stderr,
      /rehome lock release app -e dev/,
      'what helps is told, and not a resume that cannot be',
    );
    assert.doesNotMatch(shut.stderr, /rehome resume/);
    await bench.runs(0, 'lock', 'release', 'app', '-e', 'dev');
    await bench.runs(0, 'deploy', 'app:1.2.0', '-e', 'dev');
  });

  /** Deploys what is to fail, and shows the deployment afterwards. */
  async function fails(code: number, version: string): Promise<Json> {
    const ran = await bench.runs(code, 'deploy', `app:${version}`, '-e', 'dev', '--json');
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
    return await bench.json('show', JSON.parse(ran.stdout).deployment);
  }

  async function stands(version: string): Promise<void> {
    const { apps } = await bench.json('status', 'app', '-e', 'dev');
    assert.equal(apps[0].homes[0].version, version);
    assert.equal(await (await fetch(apps[0].address)).text(), version);
  }

  const services = async () => await listed('services');

  async function listed(kind: 'services' | 'crons'): Promise<Json> {
    const lab = JSON.parse(read('.rehome/lab/lab.json'));
    return await (await fetch(`${lab.api}/v1/scopes/dev/${kind}`)).json();
  }

  function tasks(): string[] {
    return read('receipts/tasks').split('\n').filter(Boolean);
  }

  function read(path: string): string {
    return readFileSync(join(bench.folder, path), 'utf8');
  }

  function write(path: string, text: string): void {
    writeFileSync(join(bench.folder, path), text);
  }
});

function step({ steps }: Json, name: string): Json {
  return steps.find((one: Json) => one.name === name);
}

function stepsOf(shown: Json, ...names: readonly string[]): string[] {
  return names.map((name) => step(shown, name).status);
}

/** A server that answers as it is told to. */
async function answering() {
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answer: (next: number) => {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
