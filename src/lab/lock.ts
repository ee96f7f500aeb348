import { DatabaseSync } from 'node:sqlite';

/** Held until it is released or the process dies, however it dies. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of a file, or undefined when another process holds it. SQLite's exclusive transaction is a lock of
 * the kernel on the open file: it cannot become stale, and no child inherits it.
 */
export function takeLock(path: string): Lock | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return undefined;
  }
  return { release: () => database.close() };
}
