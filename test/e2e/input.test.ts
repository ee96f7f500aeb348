import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, without } from './harness.ts';

/** What a person may get wrong: what is said, at which place, and that nothing came of it. */
interface Mistake {
  readonly what: string;
  /** Files of the workspace with their text; put back afterwards. */
  readonly files?: Readonly<Record<string, string>>;
  /** Arguments of `deploy`; default: the echo to dev. */
  readonly args?: readonly string[];
  readonly says: RegExp;
  readonly code: string;
}

const echo = 'application:\n  app_name: echo\n  test: { cpu: 0.1, mem: 64, instances: 1 }\n';
const other = echo.replace('echo', 'other');

const mistakes: readonly Mistake[] = [
  {
    what: 'YAML that ends too early',
    files: { 'services/echo.yml': 'application:\n  app_name: "echo\n' },
    says: /^error: services\/echo\.yml:[23]:\d+: /m,
    code: 'yaml-syntax',
  },
  {
    what: 'an unknown key',
    files: { 'services/echo.yml': `${echo}  instnaces: 3\n` },
    says: /services\/echo\.yml:4:3: .*instnaces[\s\S]*instances/,
    code: 'unknown-key',
  },
  {
    what: 'a key that stands twice',
    files: { 'services/echo.yml': `${echo}  app_name: echo\n` },
    says: /services\/echo\.yml:4:3: .*app_name/,
    code: 'duplicate-key',
  },
  {
    what: 'a wrong type',
    files: { 'services/echo.yml': echo.replace('instances: 1', 'instances: many') },
    says: /services\/echo\.yml:3:41: .*instances/,
    code: 'wrong-type',
  },
  {
    what: 'a number out of range',
    files: { 'services/echo.yml': echo.replace('instances: 1', 'instances: -1') },
    says: /services\/echo\.yml:3:41: .*instances/,
    code: 'wrong-value',
  },
  {
    what: 'an expression that cannot be parsed',
    files: { 'services/echo.yml': `${echo}  command: "{{ 'a' if }}"\n` },
    says: /services\/echo\.yml:4:1\d: /,
    code: 'jinja-syntax',
  },
  {
    what: 'an expression with an unknown name',
    files: { 'services/echo.yml': `${echo}  command: "node {{ appname }}"\n` },
    says: /services\/echo\.yml:4:\d+: .*appname[\s\S]*app_name/,
    code: 'jinja-unknown-name',
  },
  {
    what: 'two manifests of one name',
    files: { 'services/twice.yml': echo },
    says: /services\/twice\.yml:2:\d+: .*echo[\s\S]*services\/echo\.yml/,
    code: 'duplicate-name',
  },
  {
    what: 'apps that use each other in a circle',
    files: {
      'services/echo.yml': `${echo}  uses: [other]\n`,
      'services/other.yml': `${other}  uses: [echo]\n`,
    },
    says: /services\/(echo|other)\.yml:4:\d+: .*(echo.*other|other.*echo)/,
    code: 'uses-cycle',
  },
  {
    what: 'an app that uses one that is not there',
    files: { 'services/echo.yml': `${echo}  uses: [ledgr]\n` },
    says: /services\/echo\.yml:4:10: .*ledgr[\s\S]*ledger/,
    code: 'uses-unknown',
  },
  {
    what: 'no section for the stage',
    files: { 'services/echo.yml': echo.replace('test:', 'prod:') },
    says: /services\/echo\.yml:\d+:\d+: .*test/,
    code: 'missing-section',
  },
  {
    what: 'an unknown environment',
    args: ['echo:1.1.0', '-e', 'dve'],
    says: /dve[\s\S]*dev/,
    code: 'unknown-environment',
  },
  {
    what: 'an unknown home',
    args: ['echo:1.1.0', '-e', 'dev.lcoal'],
    says: /lcoal[\s\S]*local/,
    code: 'unknown-home',
  },
  { what: 'an unknown app', args: ['ehco:1.1.0', '-e', 'dev'], says: /ehco[\s\S]*echo/, code: 'unknown-app' },
  { what: 'no version', args: ['echo', '-e', 'dev'], says: /APP:VERSION/, code: 'usage' },
  { what: 'an empty version', args: ['echo:', '-e', 'dev'], says: /echo:/, code: 'usage' },
  {
    what: 'a version that no image can have',
    args: ['echo:../../etc', '-e', 'dev'],
    says: /\.\.\/\.\.\/etc/,
    code: 'unknown-version',
  },
  {
    what: 'a version with a shell in it',
    args: ['echo:1$(id)', '-e', 'dev'],
    says: /1\$\(id\)/,
    code: 'unknown-version',
  },
  {
    what: 'a version without an image',
    args: ['echo:9.9.9', '-e', 'dev'],
    says: /rehome\.yaml:\d+:\d+: .*anna-repo\/echo:9\.9\.9/,
    code: 'missing-image',
  },
  {
    what: 'a step that does not exist',
    args: ['echo:1.1.0', '-e', 'dev', '--skip', 'tset:after'],
    says: /tset:after[\s\S]*test:after/,
    code: 'usage',
  },
  {
    what: 'a second app that is wrong beside one that is right',
    args: ['echo:1.1.0', 'ehco:1.1.0', '-e', 'dev'],
    says: /ehco/,
    code: 'unknown-app',
  },
  {
    what: 'a second version that has no image beside one that has',
    args: ['ledger:1.0.0', 'echo:9.9.9', '-e', 'dev'],
    says: /echo:9\.9\.9/,
    code: 'missing-image',
  },
  {
    what: 'one app in two versions',
    args: ['echo:1.1.0', 'echo:1.3.0', '-e', 'dev'],
    says: /echo/,
    code: 'usage',
  },
];

describe('bad input', { skip: without('local') }, () => {
  let bench: Bench;
  let standing: Json;

  before(async () => {
    bench = openFolder(join(project, 'test/fixtures/echo'));
    write({ 'services/echo.yml': echo, 'receipts/.keep': '' });
    await bench.runs(0, 'lab', 'up');
    await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'dev');
    standing = await seen();
  });
  after(async () => await bench?.[Symbol.asyncDispose]());

  for (const { what, files = {}, args = ['echo:1.1.0', '-e', 'dev'], says, code } of mistakes) {
    test(`${what}: exit 2, one placed error, nothing applied`, async () => {
      const before = keep(Object.keys(files));
      write(files);
      const told = await bench.run('deploy', ...args);
      const { error } = await bench.json('deploy', ...args);
      const planned = await bench.run('plan', ...args.filter((arg) => !/^--skip$|^tset/.test(arg)));
      write(before);
      assert.equal(told.code, 2, told.stderr);
      assert.match(told.stderr, says);
      assert.equal(told.stdout, '');
      assert.equal(error?.code, code, JSON.stringify(error));
      if (Object.keys(files).length > 0) {
        assert.match(`${error.file}:${error.line}:${error.column}:`, /^services\/\w+\.yml:\d+:\d+:$/);
      }
      if (!/step/.test(what)) assert.equal(planned.code, 2, `plan: ${planned.stdout}${planned.stderr}`);
      assert.deepEqual(await seen(), standing);
    });
  }

  // Changes what stands, so it comes last.
  test('an image that nobody can know of before, without a catalogue: a failed rollout, taken back', async () => {
    const { 'rehome.yaml': config = '' } = keep(['rehome.yaml']);
    write({ 'rehome.yaml': config.slice(0, config.indexOf('images:')) });
    const ran = await bench.run('deploy', 'echo:9.9.9', '-e', 'dev');
    const { apps } = await bench.json('status', 'echo', '-e', 'dev');
    write({ 'rehome.yaml': config });
    assert.equal(ran.code, 4, ran.stderr);
    assert.match(ran.stderr, /echo:9\.9\.9/);
    assert.equal(apps[0].homes[0].version, '1.0.0');
    assert.deepEqual(apps[0].homes[0].instances, { wanted: 1, running: 1, healthy: 1 });
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
  });

  /** All that a deployment could have changed: what runs, what is remembered of it, who holds a lock. */
  async function seen(): Promise<Json> {
    const lab = JSON.parse(readFileSync(join(bench.folder, '.rehome/lab/lab.json'), 'utf8'));
    const services = await (await fetch(`${lab.api}/v1/scopes/dev/services`)).json();
    const [status, history, locks] = [
      await bench.json('status', '-e', 'dev'),
      await bench.json('history'),
      await bench.json('lock', 'status'),
    ];
    return { services, status, history, locks };
  }

  function keep(paths: readonly string[]): Record<string, string> {
    return Object.fromEntries(paths.map((path) => [path, read(path)]));
  }

  function read(path: string): string {
    try {
      return readFileSync(join(bench.folder, path), 'utf8');
    } catch {
      return '';
    }
  }

  /** An empty text removes the file. */
  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      if (text === '') rmSync(join(bench.folder, path), { force: true });
      else writeFileSync(join(bench.folder, path), text);
    }
  }
});
