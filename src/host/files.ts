import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Failure, fail } from '../model/failure.ts';
import type { Files } from './host.ts';

export const realFiles: Files = { read, write, append, list, exists: (path) => fs.existsSync(path) };

function read(path: string): string | undefined | Failure {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return unusable('read', path, error);
  }
}

function write(path: string, text: string, mode = modeOf(path)): undefined | Failure {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    writeThrough(temporary, text, mode);
    fs.renameSync(temporary, path);
    syncFolder(dirname(path));
    return undefined;
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    return unusable('written', path, error);
  }
}

function append(path: string, text: string): undefined | Failure {
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.appendFileSync(path, text);
    return undefined;
  } catch (error) {
    return unusable('written', path, error);
  }
}

function list(path: string): readonly string[] {
  try {
    return fs.readdirSync(path).sort();
  } catch {
    return [];
  }
}

function writeThrough(path: string, text: string, mode: number | undefined): void {
  const file = fs.openSync(path, 'wx');
  try {
    fs.writeFileSync(file, text);
    if (mode !== undefined) fs.fchmodSync(file, mode);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** The rename itself survives a power cut only after the folder was flushed too. */
function syncFolder(path: string): void {
  const folder = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(folder);
  } finally {
    fs.closeSync(folder);
  }
}

function modeOf(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.mode;
}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EMFILE: 'too many files are open',
};

function unusable(verb: 'read' | 'written', path: string, error: unknown): Failure {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return fail('file-unusable', `${path} cannot be ${verb}: ${causes[code] ?? code}.`, { found: code });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
