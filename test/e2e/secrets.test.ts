import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Bench, type Json, openFolder, type Ran, until, without } from './harness.ts';

// One of each kind; the first is the beginning of the second, and the third has two lines.
const values = {
  rmq: 'kalmar-71',
  password: 'kalmar-71-and-more',
  key: ['first-line-of-a-key', 'second-line-of-a-key'],
  postgres: 'postgres://ada:lovelace-1815@127.0.0.1/vault',
};
const traces = ['kalmar', '-and-more', 'line-of-a-key', 'lovelace'];

const config = (environments: string) => `conventions:
  image: "vault:{version}"
  command: node main.js
  env: { VERSION: "{version}", RECEIPTS: ../../receipts }
  health: { path: /, interval: 500ms, timeout: 1s, failures: 3, grace: 20s }
  rollout: { deadline: 60s }
environments:
${environments}
features:
  rmq: { url: "env:ADVERSARY_RMQ", password: "env:ADVERSARY_PASSWORD" }
  mongo: { url: "file:secret/key" }
  postgres: { url: "exec:cat secret/postgres" }
notify:
  - { type: file, path: receipts/messages }
images: { "vault:{version}": images/vault }
`;
const environments = {
  dev: '  dev: { stage: test, homes: { local: { platform: local } } }',
  test1: '  test1: { stage: test, homes: { mesos: { platform: mesos, marathon: lab, chronos: lab } } }',
};

const manifest = `application:
  app_name: vault
  test: { cpu: 0.1, mem: 64, instances: 1 }
  rmq: True
  mongo: True
  postgres: True
  migration: { up: node tell.js up, down: node tell.js down }
  crons:
    - { name: vault-rotate, every: 1h, command: node tell.js cron }
  tests:
    after:
      - { name: told, task: node tell.js probe }
`;

// Prints whatever it knows, answers with it, and is broken from version 2 on.
const main = `import { createServer } from 'node:http';
const { RMQ_URL, RMQ_PASSWORD, MONGO_URL, POSTGRES_URL, PORT, VERSION } = process.env;
const all = [RMQ_URL, RMQ_PASSWORD, MONGO_URL, POSTGRES_URL];
for (const one of all) console.log('I know ' + one);
if (VERSION.startsWith('2.')) process.exit(3);
createServer((_request, response) => response.end(JSON.stringify(all))).listen(Number(PORT), '127.0.0.1');
`;
// A migration to 3 does not end before it is told to.
const tell = `import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
const { RMQ_URL, RMQ_PASSWORD, MONGO_URL, POSTGRES_URL, VERSION, RECEIPTS } = process.env;
if (VERSION.startsWith('3.')) writeFileSync(RECEIPTS + '/begun', '');
while (VERSION.startsWith('3.') && process.argv[2] === 'up' && !existsSync(RECEIPTS + '/go')) await setTimeout(50);
for (const one of [RMQ_URL, RMQ_PASSWORD, MONGO_URL, POSTGRES_URL]) console.log(process.argv[2] + ' knows ' + one);
`;

for (const [environment, platform] of [
  ['dev', 'local'],
  ['test1', 'mesos'],
] as const) {
  describe(`secrets of an app in ${environment}`, { skip: without(platform) }, () => {
    let bench: Bench;
    const printed: Ran[] = [];

    before(async () => {
      bench = openFolder();
      for (const folder of ['services', 'images/vault', 'secret', 'receipts']) {
        mkdirSync(join(bench.folder, folder), { recursive: true });
      }
      write('rehome.yaml', config(environments[environment]));
      write('services/vault.yml', manifest);
      write('images/vault/package.json', '{ "type": "module" }');
      write('images/vault/main.js', main);
      write('images/vault/tell.js', tell);
      write('secret/key', `${values.key.join('\n')}\n`);
      write('secret/postgres', `${values.postgres}\n`);
      await bench.runs(0, 'lab', 'up');
    });
    after(async () => {
      tellAbout(true);
      await bench?.[Symbol.asyncDispose]();
    });

    test('one that is missing is told before anything changed', async () => {
      tellAbout(false);
      const failed = await bench.run('deploy', 'vault:1.0.0', '-e', environment);
      assert.notEqual(failed.code, 0);
      assert.match(failed.stderr, /ADVERSARY_RMQ is not set/);
      assert.match(failed.stderr, /ADVERSARY_PASSWORD is not set/);
      const { apps } = await bench.json('status', '-e', environment);
      assert.ok(apps.every(({ homes }: Json) => homes[0].instances.wanted === 0));
      assert.deepEqual((await bench.json('lock', 'status')).locks, []);
    });

    test('the service gets them; nobody else does', async () => {
      tellAbout(true);
      await print(0, 'plan', 'vault:1.0.0', '-e', environment);
      await print(0, 'deploy', 'vault:1.0.0', '-e', environment, '--json-stream');
      const { apps } = await bench.json('status', '-e', environment);
      const known = await (await fetch(apps[0].address)).json();
      assert.deepEqual(known, [values.rmq, values.password, values.key.join('\n'), values.postgres]);

      await print(4, 'deploy', 'vault:2.0.0', '-e', environment, '-v');
      await print(4, 'deploy', 'vault:2.0.1', '-e', environment, '--json');
      await print(0, 'plan', 'vault:1.1.0', '-e', environment, '--json');
      await print(0, 'render', 'vault:1.0.0', '-e', environment);
      await print(0, 'history', '--json');
      for (const { deployment } of (await bench.json('history')).deployments) {
        await print(0, 'show', deployment);
        await print(0, 'show', deployment, '--json');
      }
      await print(0, 'run', 'vault', '-e', environment, '--', 'node tell.js run');
      await print(0, 'run', 'vault', '-e', environment, 'migrate');
      await print(0, 'logs', 'vault', '-e', environment);
      assert.match(printed.map(({ stdout }) => stdout).join(''), /knows \(env:ADVERSARY_RMQ\)/);
    });

    test('one who resumes hides them as well, though it looked up none', async () => {
      const running = bench.start('deploy', 'vault:3.0.0', '-e', environment, '--json-stream');
      const { deployment } = await running.event(({ type }) => type === 'step');
      await until(
        'the migration begins',
        async () => existsSync(join(bench.folder, 'receipts/begun')) || undefined,
      );
      running.child.kill('SIGKILL');
      printed.push(await running.ended);
      write('receipts/go', '');
      await print(0, 'resume', deployment);
      await print(0, 'show', deployment, '--json');
      const { steps } = await bench.json('show', deployment);
      assert.match(JSON.stringify(steps), /up knows \(env:ADVERSARY_PASSWORD\)/);
    });

    test('a secret that was taken out of the manifest is not shown as what goes', async () => {
      write('services/vault.yml', manifest.replace('  postgres: True\n', ''));
      await print(0, 'plan', 'vault:3.1.0', '-e', environment);
      await print(0, 'plan', 'vault:3.1.0', '-e', environment, '--json');
      await print(0, 'deploy', 'vault:3.1.0', '-e', environment);
    });

    test('nothing that was printed or written holds one', async () => {
      for (const { stdout, stderr } of printed) clean(stdout + stderr, stdout + stderr);
      const kept = files(bench.folder).filter((path) => !/^(secret\/|\.rehome\/lab\/(?!.*log$))/.test(path));
      assert.ok(kept.includes('.rehome/state.db'), kept.join(' '));
      assert.ok(kept.includes('.rehome/lab/daemon.log'), kept.join(' '));
      assert.ok(
        kept.some((path) => path.startsWith('.rehome/edge/')),
        kept.join(' '),
      );
      for (const path of kept) clean(readFileSync(join(bench.folder, path), 'latin1'), path);
    });

    test('the lab has to remember them: only its owner can read that', () => {
      const lab = join(bench.folder, '.rehome/lab');
      assert.equal(statSync(lab).mode & 0o077, 0, 'the folder of the lab');
      const holding = files(lab).filter((path) => dirty(readFileSync(join(lab, path), 'latin1')));
      assert.ok(holding.length > 0, 'somewhere it has to know them');
    });

    async function print(code: number, ...args: readonly string[]): Promise<void> {
      printed.push(await bench.runs(code, ...args));
    }

    function write(path: string, text: string): void {
      writeFileSync(join(bench.folder, path), text);
    }
  });
}

/** Whether the environment variables are set: what is started from now on gets them. */
function tellAbout(known: boolean): void {
  delete process.env['ADVERSARY_RMQ'];
  delete process.env['ADVERSARY_PASSWORD'];
  if (!known) return;
  process.env['ADVERSARY_RMQ'] = values.rmq;
  process.env['ADVERSARY_PASSWORD'] = values.password;
}

function dirty(text: string): boolean {
  return traces.some((trace) => text.includes(trace));
}

function clean(text: string, what: string): void {
  for (const trace of traces) {
    const at = text.indexOf(trace);
    assert.ok(at < 0, `${trace} in ${what.slice(0, 300)}: …${text.slice(Math.max(0, at - 200), at + 60)}`);
  }
}

/** Plain files below a folder, relative to it. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
