import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { identityFromStat, identityOf } from './process-group.ts';

/** Names of the files in a task's sandbox. Those with a dot are the agent's own. */
export const files = {
  record: '.task.json',
  /** Pid and identity, written by the process itself before it claims. */
  pid: '.pid',
  /** Made exactly once: by the process just before it runs the command, or by an agent that gives the launch up. */
  claim: '.claim',
  /** Exit code of a task that runs once. */
  exit: '.exit',
} as const;

/** Folder name of a task: its id, with what a file name cannot hold encoded, and cut short with a hash. */
export function sandboxName(taskId: string): string {
  const name = encodeURIComponent(taskId).replaceAll('%3A', ':');
  if (name.length <= 180 && name !== '.' && name !== '..') return name;
  return `${name.slice(0, 150)}~${createHash('sha256').update(taskId).digest('hex').slice(0, 16)}`;
}

/** What the process of a task said about itself before it claimed its launch. */
export function readPid(sandbox: string): { pid: number; identity: string | undefined } | undefined {
  const text = readText(join(sandbox, files.pid));
  const [pid, stat = '', boot = ''] = text?.split('\n') ?? [];
  if (!pid) return undefined;
  const number = Number(pid);
  return { pid: number, identity: stat ? identityFromStat(stat, boot) : identityOf(number) };
}

/** Exit code that a task which runs once left behind. */
export function readExit(sandbox: string): number | undefined {
  const text = readText(join(sandbox, files.exit))?.trim();
  return text ? Number(text) : undefined;
}

/** True when the launch is given up for good: the process did not claim before and never can from now on. */
export function giveUp(sandbox: string): boolean {
  try {
    fs.closeSync(fs.openSync(join(sandbox, files.claim), 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
