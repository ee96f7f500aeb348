import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Exit, Processes, RunOptions } from './host.ts';
import { lineSplitter } from './lines.ts';

export const realProcesses: Processes = { run, alive, startTime };

const tailLines = 50;
/** From TERM to KILL for a command that is cut short. */
const graceMs = 5_000;
/** A command may leave somebody behind who holds its output open; nobody waits longer than this for him. */
const lingerMs = 200;

function run(command: string, options: RunOptions = {}): Promise<Exit> {
  const { promise, resolve } = Promise.withResolvers<Exit>();
  const tail: string[] = [];
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true, // a process group of its own, so that the whole group can be ended
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.env ? { env: { ...process.env, ...options.env } } : {}),
  });
  const flush = listen(child, (line) => {
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    options.onLine?.(line);
  });
  const guard = endWhenAsked(child, options);
  child.on('error', (error) => {
    guard.stop();
    resolve({ code: 127, timedOut: false, tail: [error.message] });
  });
  child.on('exit', () => setTimeout(() => closeOutputs(child), lingerMs));
  child.on('close', (code, signal) => {
    guard.stop();
    flush();
    const ended = { ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) };
    resolve({ ...ended, timedOut: guard.timedOut(), tail });
  });
  return promise;
}

function alive(pid: number, startedAt?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (stat(pid)?.state === 'Z') return false;
  return startedAt === undefined || startTime(pid) === startedAt;
}

function startTime(pid: number): string | undefined {
  if (process.platform === 'linux') return stat(pid)?.started;
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.stdout?.trim() || undefined;
}

/** See proc_pid_stat(5): the name may hold blanks and brackets, so fields are counted behind its end. */
function stat(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function listen(child: ChildProcess, onLine: (line: string) => void): () => void {
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = lineSplitter(onLine);
    stream?.setEncoding('utf8').on('data', (chunk: string) => splitter.push(chunk));
    return splitter;
  });
  return () => {
    for (const splitter of splitters) splitter.end();
  };
}

function endWhenAsked(child: ChildProcess, options: RunOptions) {
  let timedOut = false;
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    if (kill) return;
    signalGroup(child, 'SIGTERM');
    kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  const outOfTime = () => {
    timedOut = true;
    end();
  };
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(outOfTime, options.timeoutMs);
  options.signal?.addEventListener('abort', end);
  if (options.signal?.aborted) end();
  const stop = () => {
    clearTimeout(timer);
    clearTimeout(kill);
    options.signal?.removeEventListener('abort', end);
  };
  return { stop, timedOut: () => timedOut };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // the group is gone already
  }
}

function closeOutputs(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}
