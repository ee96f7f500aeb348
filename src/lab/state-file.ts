import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { type Failure, fail } from '../model/failure.ts';

/**
 * Writes a piece of the lab's state whole or not at all, readable by its owner only (env may hold secrets).
 * It is not flushed to the disk: a power cut ends the processes that the state is about as well.
 * Failure: `file-unusable`.
 */
export function writeState(path: string, value: unknown): undefined | Failure {
  const fresh = `${path}.new`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    fs.writeFileSync(fresh, JSON.stringify(value), { mode: 0o600 });
    fs.renameSync(fresh, path);
    return undefined;
  } catch (error) {
    fs.rmSync(fresh, { force: true });
    return unusable('written', path, error);
  }
}

/** Undefined when there is none. Failure: `file-unusable` when it cannot be read or is not JSON. */
export function readState(path: string): unknown | undefined | Failure {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return unusable('read', path, error);
  }
}

/** Puts a damaged file aside, so that it is neither used nor lost, and says where it is. */
export function putAside(path: string): string {
  const aside = `${path}.damaged`;
  fs.renameSync(path, aside);
  return aside;
}

function unusable(verb: 'read' | 'written', path: string, error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  return fail('file-unusable', `The lab's state ${path} cannot be ${verb}: ${why}.`);
}
