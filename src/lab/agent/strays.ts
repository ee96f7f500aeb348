import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Survivor } from './agent.ts';
import { identityOf, isAlive } from './process-group.ts';

interface Stray extends Survivor {
  readonly identity: string | undefined;
}

const termMs = 2_000;
const killMs = 2_000;

/**
 * Ends processes that left the group of their task (daemons of their own) and are known only by the sandbox in
 * their environment. TERM, then KILL. Returns those that are still there. Linux only; elsewhere none are found.
 */
export async function endStrays(sandboxes: string): Promise<readonly Survivor[]> {
  const strays = findStrays(sandboxes);
  await signal(strays, 'SIGTERM', termMs);
  await signal(strays, 'SIGKILL', killMs);
  return strays.filter(isLeft).map(({ taskId, pid }) => ({ taskId, pid }));
}

function findStrays(sandboxes: string): readonly Stray[] {
  if (process.platform !== 'linux') return [];
  const prefix = `\0MESOS_SANDBOX=${sandboxes}/`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const environment = environmentOf(name);
    const at = environment.indexOf(prefix);
    if (at < 0) return [];
    const sandbox = environment.slice(at + prefix.length).split('\0', 1)[0] ?? '';
    return [{ taskId: basename(sandbox), pid: Number(name), identity: identityOf(Number(name)) }];
  });
}

function environmentOf(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`;
  } catch {
    return ''; // somebody else's, or gone
  }
}

async function signal(strays: readonly Stray[], name: NodeJS.Signals, withinMs: number): Promise<void> {
  for (const { pid } of strays.filter(isLeft)) {
    try {
      process.kill(pid, name);
    } catch {
      // gone in this moment
    }
  }
  const deadline = Date.now() + withinMs;
  while (strays.some(isLeft) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function isLeft({ pid, identity }: Stray): boolean {
  return isAlive(pid, identity);
}
