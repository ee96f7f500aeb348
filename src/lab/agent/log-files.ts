import * as fs from 'node:fs';
import { join } from 'node:path';
import { isTerminal, type Task } from './agent.ts';

/** A log beyond this is cut: its last part goes to `stdout.1`, and it begins anew. */
export const logLimit = 10 * 1024 * 1024;

/** Cuts the logs of running tasks that grew too long. Returns the names of those it cut. */
export function cutLongLogs(tasks: readonly Task[], limit = logLimit): readonly string[] {
  const cut: string[] = [];
  for (const task of tasks) {
    if (isTerminal(task.state)) continue;
    for (const name of ['stdout', 'stderr']) {
      const path = join(task.sandbox, name);
      const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > limit && cutLog(path, size, limit)) cut.push(path);
    }
  }
  return cut;
}

/** The process goes on writing to the same file: it appends, so its next line stands at the new beginning. */
function cutLog(path: string, size: number, limit: number): boolean {
  try {
    fs.writeFileSync(`${path}.1`, readPart(path, Math.max(0, size - limit), limit), { mode: 0o600 });
    fs.truncateSync(path, 0);
    fs.appendFileSync(path, `[rehome lab: cut at ${limit} bytes; what stood before is in ${path}.1]\n`);
    return true;
  } catch {
    return false; // its task has just ended and its sandbox was removed, or the disk is full
  }
}

/** The last lines of a log, oldest first; looks at its last 256 KiB only. Empty where there is none. */
export function lastLines(path: string, lines: number): readonly string[] {
  const window = 256 * 1024;
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || lines <= 0) return [];
  const from = Math.max(0, size - window);
  const all = readPart(path, from, window).toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  return (from > 0 ? all.slice(1) : all).slice(-lines);
}

/** At most `length` bytes of a file from `from`; fewer at its end, none when it is missing. */
export function readPart(path: string, from: number, length: number): Buffer {
  let file: number | undefined;
  try {
    file = fs.openSync(path, 'r');
    const size = Math.max(0, Math.min(length, fs.fstatSync(file).size - from));
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, size > 0 ? fs.readSync(file, buffer, 0, size, from) : 0);
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}
