import { spawnSync } from 'node:child_process';
import { existsSync, globSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killPods, removeControlGroup } from './control-groups.ts';
import { removeNetwork } from './network.ts';
import { type StatePaths, stateFolder, statePaths } from './places.ts';
import { forget, known, marked, stop } from './processes.ts';

/**
 * Ends the cluster: first those who would start pods again, then the pods, then the rest, each by its own pid; then
 * its mounts, network, rules, control groups and files go. Nothing is left, in whatever state it was. The caller has
 * the lock.
 */
export async function down(state = stateFolder(), { keepLogs = false } = {}): Promise<void> {
  if (!existsSync(state)) return;
  const paths = statePaths(state);
  const group = groupOf(paths);
  await stopNamed(paths, ['controllers', 'scheduler', 'kubelet', 'proxy', 'coredns']);
  await killPods(group);
  await stopNamed(paths, ['apiserver', 'containerd', 'etcd']);
  // shims of containers, and what tests started beside
  await stop(marked(paths), 0);
  // and who was being started all the while
  await killPods(group);
  for (const one of known(paths)) forget(paths, one);
  unmountBelow(state);
  removeNetwork(paths);
  removeControlGroup(group);
  removeLinksOfLogs(state);
  removeFiles(state, keepLogs ? paths.logs : undefined);
}

async function stopNamed(paths: StatePaths, names: readonly string[]): Promise<void> {
  await stop(known(paths).filter(({ name }) => names.includes(name)));
}

/** Where the kubelet was told to put its pods, by whichever version of this file's neighbours. */
function groupOf(paths: StatePaths): string {
  const [, told = paths.controlGroup] =
    /"cgroupRoot": "\/([^"]+)"/.exec(read(paths.config('kubelet.json'))) ?? [];
  return told;
}

function unmountBelow(state: string): void {
  const points = read('/proc/self/mountinfo')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((path) => path.replaceAll('\\040', ' '))
    .filter((path) => path.startsWith(`${state}/`));
  for (const path of points.reverse()) spawnSync('umount', ['--lazy', path], { stdio: 'ignore' });
}

/** The kubelet links logs of containers from a place that it does not let us choose. */
function removeLinksOfLogs(state: string): void {
  for (const link of globSync('/var/log/containers/*')) {
    if (lstatSync(link).isSymbolicLink() && readlinkSync(link).startsWith(`${state}/`)) rmSync(link);
  }
}

function removeFiles(state: string, except: string | undefined): void {
  if (read('/proc/self/mountinfo').includes(` ${state}/`)) {
    throw new Error(`Something is still mounted below ${state}: nothing there was deleted.`);
  }
  for (const name of readdirSync(state)) {
    if (join(state, name) !== except) rmSync(join(state, name), { recursive: true, force: true });
  }
  if (except === undefined) rmSync(state, { recursive: true });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
