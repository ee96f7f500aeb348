import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isFailure } from '../model/failure.ts';
import { putAside, readState, writeState } from './state-file.ts';

/** A folder of state, one file per key: so that a change costs the same however much there is. */
export interface Shelf<T> {
  /** What was there when it was opened. */
  readonly loaded: readonly T[];
  /** Damaged or unwritable files, as sentences. */
  readonly problems: string[];
  /** On disk when it returns; a file that cannot be written is a problem. */
  save(key: string, value: T): void;
  remove(key: string): void;
}

/** Opens a shelf. Damaged files are put aside and reported. */
export function openShelf<T>(folder: string): Shelf<T> {
  const loaded: T[] = [];
  const problems: string[] = [];
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const read = readState(path);
    if (isFailure(read)) problems.push(`${read.message} It was put aside as ${putAside(path)}.`);
    else loaded.push(read as T);
  }
  return {
    loaded,
    problems,
    save(key, value) {
      const problem = writeState(join(folder, nameOf(key)), value)?.message;
      if (problem && !problems.includes(problem)) problems.push(problem);
    },
    remove: (key) => fs.rmSync(join(folder, nameOf(key)), { force: true }),
  };
}

/** Readable, and different for every key. */
function nameOf(key: string): string {
  const readable = key
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_/, '')
    .slice(0, 80);
  return `${readable}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}.json`;
}
