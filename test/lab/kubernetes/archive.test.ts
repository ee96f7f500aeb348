import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { archiveOf, layerOf, type TarEntry, tarOf } from './archive.ts';

test('tar reads back what was written: contents, modes, links, folders and long names', (t) => {
  const long = `app/${'deep/'.repeat(30)}file.txt`;
  const entries: readonly TarEntry[] = [
    { path: 'app' },
    { path: 'app/run', content: Buffer.from('#!/bin/sh\n'), mode: 0o755 },
    { path: 'app/full', content: Buffer.alloc(512, 'x') },
    { path: 'app/empty', content: Buffer.alloc(0), modified: 86_400 },
    { path: 'app/tmp', mode: 0o1777 },
    { path: 'app/link', link: 'run' },
    { path: 'app/far', link: `/${'far/'.repeat(40)}away` },
    { path: long, content: Buffer.from('deep') },
    { path: 'app/ünï', content: Buffer.from('ü') },
  ];
  const folder = unpacked(t, tarOf(entries));
  for (const { path, content, link, mode } of entries) {
    const found = lstatSync(join(folder, path));
    if (link !== undefined) assert.equal(readlinkSync(join(folder, path)), link);
    else if (content) assert.deepEqual(readFileSync(join(folder, path)), content);
    else assert(found.isDirectory(), path);
    if (link === undefined) assert.equal(found.mode & 0o7777, mode ?? (content ? 0o644 : 0o755), path);
  }
  assert.equal(lstatSync(join(folder, 'app/empty')).mtimeMs, 86_400_000);
});

test('an archive names its images, and every blob by its own digest', (t) => {
  const [base, own] = ['base', 'own'].map((name) => layerOf([{ path: name, content: Buffer.from(name) }]));
  assert(base?.tar && own?.tar);
  const images = ['docker.io/test/one:1.0.0', 'docker.io/test/two:2'].map((name) => ({
    name,
    layers: [base, own],
    config: { WorkingDir: '/app' },
  }));
  const archive = archiveOf(images);
  assert.deepEqual(archive, archiveOf(images));
  const folder = unpacked(t, archive);
  const json = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const blob = ({ digest, size }: { digest: string; size: number }) => {
    const path = `blobs/${digest.replace(':', '/')}`;
    const content = readFileSync(join(folder, path));
    assert.equal(`sha256:${createHash('sha256').update(content).digest('hex')}`, digest);
    assert.equal(content.length, size);
    return path;
  };
  const index = json('index.json');
  const names = index.manifests.map((one: { annotations: Record<string, string> }) => one.annotations);
  assert.deepEqual(
    names.map((one: Record<string, string>) => one['io.containerd.image.name']),
    images.map(({ name }) => name),
  );
  const manifest = json(blob(index.manifests[0]));
  assert.deepEqual(manifest.layers.map(blob).length, 2);
  const config = json(blob(manifest.config));
  assert.deepEqual(config.rootfs.diff_ids, [base.digest, own.digest]);
  assert.equal(config.config.WorkingDir, '/app');
  const [docker] = json('manifest.json');
  assert.deepEqual(docker.RepoTags, ['docker.io/test/one:1.0.0']);
  assert.deepEqual(docker.Layers, manifest.layers.map(blob));
});

test('a layer that the receiver has is named but not sent', (t) => {
  const base = layerOf([{ path: 'base', content: Buffer.alloc(100_000) }]);
  const own = layerOf([{ path: 'own', content: Buffer.from('own') }]);
  const image = { name: 'docker.io/test/thin:1', config: {} };
  const thick = archiveOf([{ ...image, layers: [base, own] }]);
  const thin = archiveOf([{ ...image, layers: [{ digest: base.digest, size: base.size }, own] }]);
  assert(thick.length - thin.length > 100_000);
  const config = (archive: Buffer) => readFileSync(join(unpacked(t, archive), 'index.json'), 'utf8');
  assert.equal(config(thin), config(thick));
});

function unpacked(t: TestContext, archive: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-archive-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'it.tar');
  writeFileSync(file, archive);
  execFileSync('tar', ['--extract', '--preserve-permissions', '--file', file, '--directory', folder]);
  return folder;
}
