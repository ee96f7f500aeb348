import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../agent/agent.ts';
import { lastLines, readPart } from '../agent/log-files.ts';

export interface LogLine {
  /** Id of the task. */
  readonly source: string;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

/** How often files are looked at while somebody follows. */
const lookMs = 200;
const chunkBytes = 256 * 1024;

/** The last lines of some tasks: per task at most `lines`, in the order of the tasks. */
export function tailOf(tasks: readonly Task[], lines: number): readonly LogLine[] {
  return tasks.flatMap((task) =>
    streams
      .flatMap((stream) =>
        lastLines(join(task.sandbox, stream), lines).map((line) => ({ source: task.id, stream, line })),
      )
      .slice(-lines),
  );
}

const streams = ['stdout', 'stderr'] as const;

/** Hands on what is written from now on, by tasks that come later too (those from their beginning), until `signal`. */
export function followLogs(
  tasks: () => readonly Task[],
  onLines: (lines: readonly LogLine[]) => void,
  signal: AbortSignal,
): void {
  const offsets = new Map<string, number>();
  const lookAt = ({ id, sandbox }: Task, stream: LogLine['stream'], first: boolean): void => {
    const path = join(sandbox, stream);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const known = offsets.get(path) ?? (first ? size : 0);
    const { lines, offset } = linesFrom(path, size < known ? 0 : known); // smaller: it was cut
    offsets.set(path, offset);
    if (lines.length > 0) onLines(lines.map((line) => ({ source: id, stream, line })));
  };
  const look = (first: boolean): void => {
    for (const task of tasks()) for (const stream of streams) lookAt(task, stream, first);
  };
  look(true);
  const timer = setInterval(() => look(false), lookMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Whole lines only; the beginning of one that is not ended yet waits. */
function linesFrom(
  path: string,
  from: number,
): { readonly lines: readonly string[]; readonly offset: number } {
  const lines: string[] = [];
  let offset = from;
  for (;;) {
    const part = readPart(path, offset, chunkBytes);
    const end = part.lastIndexOf(10) + 1;
    // a line longer than a chunk is handed on in pieces
    const usable = end > 0 || part.length < chunkBytes ? end : part.length;
    if (usable === 0) return { lines, offset };
    const text = part.subarray(0, usable).toString('utf8');
    lines.push(...(text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'));
    offset += usable;
  }
}
