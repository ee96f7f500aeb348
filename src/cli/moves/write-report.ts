import { writeFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { Operations } from '../../operations/operations.ts';
import { reportOf } from '../../report/report.ts';

/** Writes the report of a move. @returns the file, as an absolute path */
export async function writeReport(
  operations: Operations,
  move: Move,
  file: string,
  cwd: string,
): Promise<string | Failure> {
  const page = await reportPage(operations, move);
  if (typeof page !== 'string') return page;
  const path = resolve(cwd, file);
  try {
    writeFileSync(path, page);
    return path;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail('file-unusable', `The report of ${move.app} cannot be written: ${why}`, { found: path });
  }
}

/** The report of a move as a page. */
export async function reportPage(operations: Operations, move: Move): Promise<string | Failure> {
  const events = await operations.moveEvents(move.move);
  return isFailure(events) ? events : reportOf(move, events);
}

/** Several moves get a file each: `moves.html` becomes `moves-account.html`. */
export function fileFor(file: string, move: Move, several: boolean): string {
  if (!several) return file;
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}-${safe(move.app)}${ending || '.html'}`;
}

/** Where a report goes that nobody named a file for. */
export function defaultFile({ app, environment, move }: Move): string {
  return `move-${[app, environment, move].map(safe).join('-')}.html`;
}

function safe(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '_');
}
