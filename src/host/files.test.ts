import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { realFiles as files } from './files.ts';

function folder(): { path: string } & Disposable {
  const path = fs.mkdtempSync(join(tmpdir(), 'rehome-files-'));
  return { path, [Symbol.dispose]: () => fs.rmSync(path, { recursive: true }) };
}

test('what is written is read, folders are made, nothing else is left', () => {
  using f = folder();
  const path = join(f.path, 'a/b.txt');
  assert.equal(files.read(path), undefined);
  assert.equal(files.write(path, 'one'), undefined);
  fs.chmodSync(path, 0o755);
  assert.equal(files.write(path, 'two'), undefined);
  assert.equal(files.append(path, '+'), undefined);
  assert.equal(files.read(path), 'two+');
  assert.equal(fs.statSync(path).mode & 0o777, 0o755);
  assert.deepEqual(files.list(join(f.path, 'a')), ['b.txt']);
  assert.deepEqual(files.list(join(f.path, 'none')), []);
  assert.equal(files.exists(path), true);
});

test('a path that cannot be used is a failure that says why, and leaves no temporary file', () => {
  using f = folder();
  fs.mkdirSync(join(f.path, 'taken'));
  const onFolder = files.write(join(f.path, 'taken'), 'x');
  assert(isFailure(onFolder) && onFolder.code === 'file-unusable');
  assert.match(onFolder.message, /cannot be written: it is a folder/);
  assert.deepEqual(files.list(f.path), ['taken']);
  files.write(join(f.path, 'file'), 'x');
  const below = files.read(join(f.path, 'file/below'));
  assert(isFailure(below));
  assert.match(below.message, /cannot be read: a part of its path is not a folder/);
});

test('a full disk is told as such', { skip: !fs.existsSync('/dev/full') && 'no /dev/full here' }, () => {
  const full = files.append('/dev/full', 'x');
  assert(isFailure(full));
  assert.match(full.message, /the disk is full/);
});
