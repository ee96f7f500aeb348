import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFailure } from '../../model/failure.ts';
import { readState, writeState } from '../state-file.ts';

/** A folder of named JSON documents, each written whole or not at all. */
export interface Documents {
  /** Undefined where there is none. Throws on one that cannot be read: state must not be lost silently. */
  read(name: string): unknown;
  /** Throws when the disk does not take it; what was there before then stays. */
  write(name: string, value: unknown): void;
  remove(name: string): void;
  /** In the order of their names. */
  names(): readonly string[];
}

const ending = '.json';

/** Opens a folder, making it where it is missing. Readable for its owner only: definitions hold env values. */
export function openDocuments(folder: string): Documents {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (name: string): string => join(folder, encodeURIComponent(name) + ending);
  return {
    read: (name) => orThrow(readState(pathOf(name))),
    write: (name, value) => void orThrow(writeState(pathOf(name), value)),
    remove: (name) => rmSync(pathOf(name), { force: true }),
    names: () =>
      readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => decodeURIComponent(file.slice(0, -ending.length)))
        .sort(),
  };
}

function orThrow(value: unknown): unknown {
  if (isFailure(value)) throw new Error(value.message);
  return value;
}
