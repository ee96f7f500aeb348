import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { without } from './support/platforms.ts';

const project = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));

/** What people get from a registry: packed here, installed in an empty folder elsewhere, and run there. */
describe('the package', { skip: without('mesos') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-pack-'));
  after(() => rmSync(folder, { recursive: true }));
  const env = { ...process.env, npm_config_update_notifier: 'false' };

  test('installs and runs where nothing of the checkout is', () => {
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: project,
        env,
        encoding: 'utf8',
      }),
    );
    const tarball = join(folder, packed[0].filename);
    const files: string[] = packed[0].files.map((file: { path: string }) => file.path);
    assert.deepEqual(
      files.filter((path) => path.includes('.test.') || path.startsWith('src/') || path.startsWith('test/')),
      [],
    );
    execFileSync('npm', ['init', '-y'], { cwd: folder, env });
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], {
      cwd: folder,
      env,
    });

    const rehome = join(folder, 'node_modules/.bin/rehome');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [rehome, ...args], { cwd: folder, encoding: 'utf8' });
    assert.equal(run('--version').stdout.trim(), version);
    assert.equal(run('init', 'shop').status, 0);
    const rendered = run('render', 'hello:1.0.0', '-e', 'test', '--workspace', join(folder, 'shop'));
    assert.equal(rendered.status, 0, rendered.stderr);
    assert.match(rendered.stdout, /hello/);
    assert.ok(!existsSync(join(folder, 'node_modules/typescript')), 'it brings nothing that only builds it');
  });

  test('can be used as a library, with types', () => {
    const script = `const { openRehome } = await import('rehome');
      const rehome = await openRehome({ cwd: 'shop', print: () => {} });
      if (rehome.kind === 'Failure') throw new Error(rehome.message);
      const notes = await rehome.check({ apps: ['hello'], environment: 'test' });
      console.log(Array.isArray(notes)); rehome.close();`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(ran.stdout.trim(), 'true', ran.stderr);
    assert.ok(existsSync(join(folder, 'node_modules/rehome/dist/rehome.d.ts')));
  });
});
