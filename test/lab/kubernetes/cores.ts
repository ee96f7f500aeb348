import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { StatePaths } from './places.ts';

/**
 * So many cores the node says it has, at least. The examples ask for those of a small data centre, and what counts
 * here is that pods are placed; how fast they are is another matter.
 */
const pretended = 16;

/**
 * What the kubelet looks at to count its cores: github.com/google/cadvisor, utils/sysinfo. The machine's own ones are
 * shown again in every NUMA node, because it counts them there, but hands their numbers on to the kernel.
 */
export function makeCores(paths: StatePaths): void {
  const real = globSync('/sys/devices/system/node/node*/cpu[0-9]*').map((path) => basename(path));
  if (real.length === 0)
    throw new Error('This machine does not say in /sys/devices/system/node which cores it has.');
  for (let node = 0; node * real.length < pretended; node++) {
    for (const core of real) {
      const topology = join(paths.data('cores'), `node${node}`, core, 'topology');
      mkdirSync(topology, { recursive: true });
      writeFileSync(join(topology, 'core_id'), `${core.slice('cpu'.length)}\n`);
      writeFileSync(join(topology, 'physical_package_id'), `${node}\n`);
    }
  }
}

/**
 * The kubelet's command in a view of this machine's devices of its own. What it mounts for its pods is seen by
 * containerd, too: its folder is shared between the views.
 */
export function withCores(paths: StatePaths, command: readonly string[]): readonly string[] {
  const folder = paths.data('kubelet');
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['--bind', folder, folder]);
  execFileSync('mount', ['--make-rshared', folder]);
  const view = 'mount --make-rprivate /sys && mount --bind "$0" /sys/devices/system/node && exec "$@"';
  return ['unshare', '--mount', '--propagation=unchanged', 'sh', '-c', view, paths.data('cores'), ...command];
}
