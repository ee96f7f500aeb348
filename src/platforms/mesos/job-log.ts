import { lineSplitter } from '../../host/lines.ts';
import { isFailure } from '../../model/failure.ts';
import type { JobResult, JobRun } from '../platform.ts';
import type { Ended } from './job-outcome.ts';
import type { LogFile, Sandbox, Sandboxes } from './sandboxes.ts';

/** The output of a task that runs once, handed on while it runs. Without Mesos there is none. */
export interface JobLog {
  /** Reads what is new. */
  read(): Promise<void>;
  /** The task, as soon as Mesos knows it. */
  task(): Sandbox | undefined;
  /** The end, with its exit code and the last lines. */
  finish(ended: Ended): Promise<JobResult>;
}

const keptLines = 50;

export function followTask(sandboxes: Sandboxes | undefined, job: string, run: JobRun): JobLog {
  let sandbox: Sandbox | undefined;
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    run.onLine?.(line);
  };
  const files = (['stdout', 'stderr'] as const).map((name) => ({
    name,
    at: 0,
    splitter: lineSplitter(take),
  }));

  async function look(): Promise<void> {
    // ct:<due>:<attempt>:<job>:<arguments>
    const found = await sandboxes?.find(`:${job}:`, run.signal);
    if (found && !isFailure(found)) sandbox = found[0] ?? sandbox;
  }

  async function readFile(file: { name: LogFile; at: number; splitter: ReturnType<typeof lineSplitter> }) {
    if (!sandboxes || !sandbox) return;
    const chunk = await sandboxes.read(sandbox, file.name, file.at, run.signal);
    if (isFailure(chunk)) return;
    file.splitter.push(chunk.data);
    file.at = chunk.next;
  }

  async function read(): Promise<void> {
    if (!sandbox || !/FINISHED|FAILED|KILLED|LOST|GONE/.test(sandbox.state)) await look();
    for (const file of files) await readFile(file);
  }

  async function finish(ended: Ended): Promise<JobResult> {
    await look();
    await read();
    for (const { splitter } of files) splitter.end();
    const message = [sandbox?.message ?? '', ...lines].find((line) =>
      /^Command (exited|terminated) with/.test(line),
    );
    const exitCode = ended.ok ? 0 : exitCodeIn(message);
    const why = !ended.ok && exitCode !== undefined ? `exit code ${exitCode}` : ended.why;
    return { ok: ended.ok, ...(exitCode === undefined ? {} : { exitCode }), why, log: lines };
  }

  return { read, task: () => sandbox, finish };
}

/** The command executor of Mesos words it so, in a status or in its own log. */
function exitCodeIn(message: string | undefined): number | undefined {
  const code = /^Command exited with status (\d+)/.exec(message ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}
