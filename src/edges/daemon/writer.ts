import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Resolves when what is true now is in the file; to an error where that failed. Many calls become one write. */
export type Write = () => Promise<undefined | Error>;

/**
 * Writes one file again and again, whole or not at all, the latest text last.
 * Not through `Host.files`: that waits for the disk, and every request of every app would wait with it.
 */
export function writerOf(path: string, text: () => string): Write {
  let writing: Promise<undefined | Error> | undefined;
  let next: Promise<undefined | Error> | undefined;

  const begin = () => {
    writing = write(path, text()).finally(() => {
      writing = undefined;
    });
    return writing;
  };
  /** A write under way may have taken the text too early: another one follows it. */
  const now = () => {
    if (!writing) return begin();
    next ??= writing.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
  return now;
}

async function write(path: string, text: string): Promise<undefined | Error> {
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
