import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The kubelet puts all its pods below a group of its own, and throws out whatever else it finds there. So each cluster
 * has another, even if network namespaces let several run at a time.
 */
export function controlGroupOf(state: string): string {
  return `rehome-lab-${createHash('sha256').update(state).digest('hex').slice(0, 8)}`;
}

const top = '/sys/fs/cgroup';
const unified = existsSync(join(top, 'cgroup.controllers'));

/** The kubelet wants to find its group, with every controller in it. */
export function makeControlGroup(group: string): void {
  for (const root of hierarchies()) mkdirSync(join(root, group), { recursive: true });
  if (!unified) return;
  const enable = readFileSync(join(top, 'cgroup.controllers'), 'utf8')
    .trim()
    .split(' ')
    .map((name) => `+${name}`);
  for (const folder of [top, join(top, group)]) {
    writeFileSync(join(folder, 'cgroup.subtree_control'), enable.join(' '));
  }
}

/** KILL for every process of every pod, until there is none. */
export async function killPods(group: string): Promise<void> {
  for (;;) {
    const pids = new Set(groups(group).flatMap(membersOf));
    if (pids.size === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(20);
  }
}

export function removeControlGroup(group: string): void {
  for (const folder of groups(group)) {
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
function groups(group: string): readonly string[] {
  return hierarchies().flatMap((root) => below(join(root, group)));
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
