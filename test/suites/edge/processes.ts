import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Backend } from '../../../src/edges/edge.ts';

/** An instance as a process of its own, that can be killed. It notes every POST that it carries out. */
export interface ProcessInstance {
  readonly backend: Backend;
  /** Without notice. */
  kill(): Promise<void>;
  /** Politely: it answers what it has begun, then ends. */
  stop(): Promise<void>;
}

/** @param receipts folder for the ids of POSTs, see load/counts.ts */
export async function startProcess(id: string, receipts: string): Promise<ProcessInstance> {
  const file = join(import.meta.dirname, 'process-instance.ts');
  const child = spawn(process.execPath, [file, id, receipts], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  const [line] = (await once(child.stdout, 'data')) as [string];
  return {
    backend: { id, host: '127.0.0.1', port: Number(line) },
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
