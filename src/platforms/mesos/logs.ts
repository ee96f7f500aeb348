import { lineSplitter } from '../../host/lines.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { LogLine, LogQuery } from '../platform.ts';
import type { Links } from './links.ts';
import { marathonId } from './names.ts';
import { type LogFile, noMesos, type Sandbox, type Sandboxes } from './sandboxes.ts';

const pollMs = 500;
/** New tasks are looked for in every so many polls. */
const pollsPerSearch = 4;
/** Longest line that the beginning of a tail reckons with, bytes. */
const bytesPerLine = 400;

/** See `Home.logs`: the output of the app's tasks, from where Mesos keeps it. */
export async function* logs({ sandboxes, clock }: Links, query: LogQuery): AsyncIterable<LogLine | Failure> {
  if (!sandboxes) return yield noMesos('Logs');
  const cursors = new Map<string, Cursor>();
  for (let poll = 0; !query.signal?.aborted; poll++) {
    if (poll % pollsPerSearch === 0) {
      const failure = await search(sandboxes, cursors, query, poll === 0);
      if (failure && !query.signal?.aborted) yield failure;
      if (failure && !query.follow) return;
    }
    for (const cursor of cursors.values()) yield* await read(sandboxes, cursor, query);
    if (!query.follow) return;
    await clock.sleep(pollMs, query.signal);
  }
}

interface Cursor {
  readonly sandbox: Sandbox;
  readonly file: LogFile;
  /** Negative: so many bytes from the end. */
  at: number;
  /** Lines that may still be dropped from the beginning of a tail. */
  tail: number | undefined;
  readonly lines: string[];
  readonly splitter: ReturnType<typeof lineSplitter>;
}

/** Tasks that came later are read from their beginning. */
async function search(
  sandboxes: Sandboxes,
  cursors: Map<string, Cursor>,
  { app, tail, signal }: LogQuery,
  isFirst: boolean,
): Promise<Failure | undefined> {
  const prefix = marathonId(app).slice(1).replaceAll('/', '_');
  const found = await sandboxes.find(`${prefix}.`, signal);
  if (isFailure(found)) return found;
  const own = found.filter(({ task }) => task.startsWith(`${prefix}.`));
  const running = own.filter(({ state }) => state === 'TASK_RUNNING' || state === 'TASK_KILLING');
  const chosen = running.length > 0 || !isFirst ? running : own.slice(0, 1);
  for (const sandbox of chosen) {
    for (const file of ['stdout', 'stderr'] as const) {
      const key = `${sandbox.task} ${file}`;
      if (!cursors.has(key)) cursors.set(key, cursorOf(sandbox, file, isFirst ? tail : undefined));
    }
  }
  return undefined;
}

function cursorOf(sandbox: Sandbox, file: LogFile, tail: number | undefined): Cursor {
  const lines: string[] = [];
  const at = tail === undefined ? 0 : -Math.max(16 * 1024, tail * bytesPerLine);
  return { sandbox, file, at, tail, lines, splitter: lineSplitter((line) => lines.push(line)) };
}

async function read(sandboxes: Sandboxes, cursor: Cursor, { signal, follow }: LogQuery) {
  const chunk = await sandboxes.read(cursor.sandbox, cursor.file, cursor.at, signal);
  if (isFailure(chunk)) return signal?.aborted ? [] : [chunk];
  cursor.splitter.push(chunk.data);
  if (!follow) cursor.splitter.end();
  cursor.at = chunk.next;
  const lines = cursor.lines.splice(0);
  const wanted = cursor.tail === undefined ? lines : lines.slice(Math.max(0, lines.length - cursor.tail));
  cursor.tail = undefined;
  return wanted.map((line): LogLine => ({ source: cursor.sandbox.task, line }));
}
