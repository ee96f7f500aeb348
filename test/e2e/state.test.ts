import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, until, without } from './harness.ts';

const mounts = process.platform === 'linux' && process.getuid?.() === 0;

/** The state file is a memory of what the homes are: it may be damaged, unwritable or gone. */
describe('the state file', { skip: without('local') }, () => {
  let bench: Bench;
  before(async () => {
    bench = await openEcho();
    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'dev');
  });
  after(async () => await bench?.[Symbol.asyncDispose]());

  test('that is damaged is refused, left as it is, and no home is touched', async () => {
    const path = join(bench.folder, '.rehome/state.db');
    const kept = `${path}.kept`;
    copyFileSync(path, kept);
    const standing = await services(bench);
    for (const damage of [whole, middle]) {
      damage(path);
      const damaged = readFileSync(path);
      for (const words of [
        ['deploy', 'ledger:1.1.0', '-e', 'dev'],
        ['status'],
        ['rollback', 'ledger', '-e', 'dev'],
      ]) {
        const ran = await bench.runs(1, ...words);
        assert.match(
          ran.stderr,
          /state\.db cannot be used: .*(not a database|malformed)[\s\S]*move the file away/,
        );
        assert.doesNotMatch(ran.stderr, /internal/);
      }
      assert.deepEqual(readFileSync(path), damaged);
      assert.deepEqual(await services(bench), standing);
      copyFileSync(kept, path);
    }
    assert.equal((await bench.json('history')).deployments.length, 1);
  });

  test('that was lost is made anew by looking, and what it never knew is gone back to', async () => {
    const standing = await bench.json('status', 'ledger', '-e', 'dev');
    lose(bench);
    assert.deepEqual(await bench.json('status', 'ledger', '-e', 'dev'), standing);
    const again = await bench.json('deploy', 'ledger:1.0.0', '-e', 'dev');
    assert.equal(again.steps.find(({ name }: Json) => name === 'check').message, 'nothing to change');
    assert.deepEqual(await bench.json('status', 'ledger', '-e', 'dev'), standing);
    assert.equal(tasks(bench).filter((line) => line === 'up 1.0.0').length, 1);

    lose(bench);
    // A release that the store never saw written is the one to go back to, in a failure and by request.
    const manifest = join(bench.folder, 'services/ledger.yml');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, `${text}  command: "echo I cannot; exit 4"\n`);
    const failed = await bench.runs(4, 'deploy', 'ledger:1.1.0', '-e', 'dev');
    assert.match(failed.stderr, /I cannot/);
    writeFileSync(manifest, text);
    assert.deepEqual(await bench.json('status', 'ledger', '-e', 'dev'), standing);
    await bench.runs(0, 'deploy', 'ledger:1.2.0', '-e', 'dev');
    await bench.runs(0, 'deploy', 'ledger:1.3.0', '-e', 'dev');
    await bench.runs(0, 'rollback', 'ledger', '-e', 'dev');
    const { apps } = await bench.json('status', 'ledger', '-e', 'dev');
    assert.equal(apps[0].homes[0].version, '1.2.0');
  });
});

describe('a disk for the state', {
  skip: without('local') || (mounts ? false : 'it takes root on Linux'),
}, () => {
  test('that is full, or read-only, is told; nothing is changed and nothing lost', async () => {
    await using bench = await openEcho();
    await using disk = mount(bench);
    await bench.runs(0, 'deploy', 'ledger:1.0.0', '-e', 'dev');
    const standing = await services(bench);

    disk.fill();
    const full = await bench.runs(1, 'deploy', 'ledger:1.1.0', '-e', 'dev');
    assert.match(full.stderr, /state\.db cannot be used: .*full[\s\S]*make room/);
    disk.free();
    disk.remount('ro');
    const closed = await bench.runs(1, 'deploy', 'ledger:1.1.0', '-e', 'dev');
    assert.match(closed.stderr, /state\.db cannot be used: .*(read-?only|readonly|unable to open)/i);
    disk.remount('rw');
    assert.deepEqual(await services(bench), standing);
    assert.deepEqual(tasks(bench), ['up 1.0.0', 'probe 1.0.0']);
    await bench.runs(0, 'deploy', 'ledger:1.1.0', '-e', 'dev');
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
  });

  test('that fills up in the middle stops the deployment; with room again resume finishes it', async () => {
    await using bench = await openEcho();
    await using disk = mount(bench);
    const running = bench.start('deploy', 'echo:1.4.0', '-e', 'dev', '--json-stream');
    const { deployment } = await running.event(({ type }) => type === 'instances');
    disk.fill();
    writeFileSync(join(bench.folder, 'receipts/go'), '');
    const ran = await running.ended;
    assert.equal(ran.code, 1, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /state\.db cannot be used: .*full/);
    disk.free();
    assert.equal((await bench.json('show', deployment)).status, 'running');
    await bench.runs(0, 'resume', deployment);
    const { apps } = await bench.json('status', 'echo', '-e', 'dev');
    assert.deepEqual([apps[0].homes[0].version, apps[0].homes[0].instances.healthy], ['1.4.0', 3]);
    await until('nobody holds a lock', async () =>
      (await bench.json('lock', 'status')).locks.length === 0 ? true : undefined,
    );
  });
});

async function openEcho(): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  mkdirSync(join(bench.folder, 'receipts'));
  await bench.runs(0, 'lab', 'up');
  return bench;
}

/** A small disk of its own for the state file, taken away at the end whatever happens. */
function mount({ folder }: Bench) {
  const at = join(folder, 'disk');
  mkdirSync(at);
  run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'rehome-test', at);
  const config = join(folder, 'rehome.yaml');
  writeFileSync(config, `${readFileSync(config, 'utf8')}\nstore: disk/state.db\n`);
  return {
    fill() {
      // As much as there is room for.
      const page = Buffer.alloc(4096);
      assert.throws(() => {
        for (;;) appendFileSync(join(at, 'filler'), page);
      }, /ENOSPC/);
    },
    free: () => rmSync(join(at, 'filler')),
    remount: (how: 'ro' | 'rw') => run('mount', '-o', `remount,${how}`, at),
    async [Symbol.asyncDispose]() {
      run('umount', '--lazy', at);
    },
  };
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}`);
}

function lose({ folder }: Bench): void {
  for (const end of ['', '-wal', '-shm']) {
    const path = join(folder, `.rehome/state.db${end}`);
    if (existsSync(path)) rmSync(path);
  }
}

function whole(path: string): void {
  writeFileSync(path, 'this was a state file once, and somebody may need it still\n'.repeat(200));
}

/** The header stays; every page after the first is noise. */
function middle(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096);
  writeFileSync(path, bytes);
}

async function services({ folder }: Bench): Promise<Json> {
  const lab = JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8'));
  return await (await fetch(`${lab.api}/v1/scopes/dev/services`)).json();
}

function tasks({ folder }: Bench): string[] {
  return readFileSync(join(folder, 'receipts/tasks'), 'utf8').split('\n').filter(Boolean);
}
