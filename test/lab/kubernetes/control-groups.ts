import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The kubelet puts all its pods below this group, so that they can be told from everybody else's. */
export const controlGroup = 'rehome-lab';

const top = '/sys/fs/cgroup';
const unified = existsSync(join(top, 'cgroup.controllers'));

/** The kubelet wants to find its group, with every controller in it. */
export function makeControlGroup(): void {
  for (const root of hierarchies()) mkdirSync(join(root, controlGroup), { recursive: true });
  if (!unified) return;
  const enable = readFileSync(join(top, 'cgroup.controllers'), 'utf8')
    .trim()
    .split(' ')
    .map((name) => `+${name}`);
  for (const folder of [top, join(top, controlGroup)]) {
    writeFileSync(join(folder, 'cgroup.subtree_control'), enable.join(' '));
  }
}

/** KILL for every process of every pod, until there is none. */
export async function killPods(): Promise<void> {
  for (;;) {
    const pids = new Set(groups().flatMap(membersOf));
    if (pids.size === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(20);
  }
}

export function removeControlGroup(): void {
  for (const folder of groups()) {
    try {
      rmdirSync(folder);
    } catch {
      // the kernel still counts somebody who just left: an empty group disturbs nobody
    }
  }
}

/** Version 1 of control groups has one tree for each controller; version 2 has one tree. */
function hierarchies(): readonly string[] {
  if (unified) return [top];
  const folders = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(top, name));
}

/** Ours and those below, the lowest first. */
function groups(): readonly string[] {
  return hierarchies().flatMap((root) => below(join(root, controlGroup)));
}

function below(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...inner.flatMap(({ name }) => below(join(folder, name))), folder];
}

function membersOf(folder: string): readonly number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}
