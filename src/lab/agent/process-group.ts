import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same pid, even after a reboot: kernel start time (field 22 of
 * /proc/PID/stat, see proc_pid_stat(5)) and boot id; without /proc the start as `ps` has it.
 * Undefined for a process that is gone or only waits to be reaped.
 */
export function identityOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return startByPs(pid);
  try {
    return identityFromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId());
  } catch {
    return undefined;
  }
}

/** The same from a line of /proc/PID/stat that a process wrote down about itself. */
export function identityFromStat(stat: string, boot: string): string | undefined {
  // the name in brackets may hold blanks and brackets, so fields are counted behind its end
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[19] === undefined) return undefined;
  return `${boot.trim()}:${fields[19]}`;
}

/** False only where the machine was started anew since. */
export function isThisBoot(identity: string | undefined): boolean {
  return identity === undefined || process.platform !== 'linux' || identity.startsWith(`${bootId()}:`);
}

export function isAlive(pid: number, identity: string | undefined): boolean {
  const now = identityOf(pid);
  return now !== undefined && (identity === undefined || now === identity);
}

/** Cheap look whether a pid exists at all, whoever it is. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether any process of the group is left. One that only waits to be reaped counts, until someone does it. */
export function groupExists(leader: number): boolean {
  return exists(-leader);
}

/** Whether a process of the group still does anything; looks through all of /proc where the group exists. */
export function groupIsAlive(leader: number): boolean {
  if (!groupExists(leader)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isAliveIn(name, leader));
}

function isAliveIn(pid: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(pgrp) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false; // it has just gone
  }
}

/** Sends a signal to a whole process group; one that is gone already is fine. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // gone already
  }
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}

function startByPs(pid: number): string | undefined {
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.stdout?.trim() || undefined;
}
