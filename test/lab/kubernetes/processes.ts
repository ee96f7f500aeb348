import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { realProcesses } from '../../../src/host/processes.ts';
import type { StatePaths } from './places.ts';

/** One process of the cluster. The start time tells it from another that got its pid later. */
export interface Started {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

/** Found in the environment of whatever this cluster started, shims of containers included. */
export const marker = 'REHOME_LAB_KUBERNETES';

/** Starts a program that outlives this one, its output in `logs/NAME.log`, and notes its pid. */
export function start(paths: StatePaths, name: string, command: readonly string[]): Started {
  const [program = '', ...args] = command;
  for (const folder of [paths.logs, paths.processes]) mkdirSync(folder, { recursive: true });
  const log = openSync(join(paths.logs, `${name}.log`), 'a');
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: paths.logs,
    env: { PATH: withSystem(process.env['PATH']), HOME: process.env['HOME'], [marker]: paths.processes },
  });
  closeSync(log);
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) throw new Error(`${program} cannot be started.`);
  const started = { name, pid: child.pid, started: realProcesses.startTime(child.pid) ?? '' };
  writeFileSync(join(paths.processes, `${name}.json`), JSON.stringify(started));
  return started;
}

/** What was started and not stopped since, whether it lives or not. */
export function known(paths: StatePaths): readonly Started[] {
  return namesOf(paths.processes).flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(paths.processes, file), 'utf8')) as Started];
    } catch {
      return []; // half written by somebody who was killed: it is found by its marker
    }
  });
}

export function isAlive({ pid, started }: Started): boolean {
  return realProcesses.alive(pid, started);
}

/** TERM, after `graceMs` KILL, until they are gone. Throws when the kernel does not let go of one. */
export async function stop(all: readonly Started[], graceMs = 1_000): Promise<void> {
  const deadline = Date.now() + graceMs;
  for (const one of all) signal(one, 'SIGTERM');
  while (all.some(isAlive)) {
    if (Date.now() > deadline) for (const one of all) signal(one, 'SIGKILL');
    if (Date.now() > deadline + 20_000) throw new Error(`${all.find(isAlive)?.name} cannot be ended.`);
    await sleep(20);
  }
}

export function forget(paths: StatePaths, { name }: Started): void {
  rmSync(join(paths.processes, `${name}.json`), { force: true });
}

/** Every process that this cluster started, by itself or by containerd, and that still lives. */
export function marked(paths: StatePaths): readonly Started[] {
  const words = `${marker}=${paths.processes}\0`;
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !environment(pid).includes(words)) return [];
    const started = realProcesses.startTime(pid);
    return started === undefined ? [] : [{ name: entry, pid, started }];
  });
}

/** The last lines of what a program said. */
export function lastWords(paths: StatePaths, name: string, lines = 8): string {
  try {
    return readFileSync(join(paths.logs, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .join('\n');
  } catch {
    return '';
  }
}

/** CNI plugins and iptables lie where a plain user's PATH does not lead. */
export function withSystem(path = ''): string {
  const folders = path.split(':').filter(Boolean);
  const system = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return [...folders, ...system.filter((folder) => !folders.includes(folder))].join(':');
}

function signal(one: Started, name: NodeJS.Signals): void {
  if (!isAlive(one)) return;
  try {
    process.kill(one.pid, name);
  } catch {
    // it ended between the two lines
  }
}

function environment(pid: number): string {
  try {
    return `${readFileSync(`/proc/${pid}/environ`, 'utf8')}\0`;
  } catch {
    return '';
  }
}

function namesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
