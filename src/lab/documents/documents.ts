import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of named JSON documents, each written whole or not at all. */
export interface Documents {
  /** Undefined where there is none. Throws on one that is no JSON: state must not be lost silently. */
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
    read(name) {
      const text = readIfThere(pathOf(name));
      return text === undefined ? undefined : JSON.parse(text);
    },
    write(name, value) {
      const path = pathOf(name);
      writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    remove: (name) => rmSync(pathOf(name), { force: true }),
    names: () =>
      readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => decodeURIComponent(file.slice(0, -ending.length)))
        .sort(),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
