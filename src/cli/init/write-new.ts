import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NewFile } from './files.ts';

export interface Written {
  readonly written: readonly string[];
  /** Files that were there before and stay as they are. */
  readonly left: readonly string[];
}

/** Writes the files that are not there yet. Failure: `file-unusable`. */
export function writeNew(root: string, files: readonly NewFile[]): Written | Failure {
  const written: string[] = [];
  const left: string[] = [];
  for (const file of files) {
    const result = writeOne(root, file);
    if (isFailure(result)) return result;
    (result ? written : left).push(file.path);
  }
  return { written, left };
}

/** Whether it was written. The `wx` flag leaves a file alone that somebody else makes in the same moment. */
function writeOne(root: string, { path, text, executable }: NewFile): boolean | Failure {
  const file = join(root, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    if (executable) chmodSync(file, 0o755);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return isFile(error, file);
    return fail('file-unusable', `${file} cannot be written`, { found: String(error) });
  }
}

/** EEXIST also means that a file stands where a folder is to be. */
function isFile(error: Error, file: string): false | Failure {
  if ('path' in error && error.path === file) return false;
  return fail('file-unusable', `${file} cannot be written`, { found: error.message });
}
