import { join } from 'node:path';
import type { Failure } from '../model/failure.ts';
import type { Files } from './host.ts';

/**
 * Makes `.rehome/` of a workspace, which is this machine's business and not version control's. In it stands
 * `.rehome/rehome`, by which the workspace's scripts find the rehome that was used here last where none is installed.
 * @param self command line that starts rehome
 * Fails with `file-unusable`.
 */
export function makeOwnFolder(root: string, self: readonly string[], files: Files): Failure | undefined {
  const ignored = join(root, '.rehome', '.gitignore');
  const failure = files.exists(ignored) ? undefined : files.write(ignored, '*\n');
  const program = join(root, '.rehome', 'rehome');
  const text = `#!/bin/sh\nexec ${self.map(quoted).join(' ')} "$@"\n`;
  if (failure || files.read(program) === text) return failure;
  return files.write(program, text, 0o755);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
