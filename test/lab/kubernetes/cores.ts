import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StatePaths } from './places.ts';

/**
 * So many cores the node says it has. The examples ask for those of a small data centre, and what counts here is that
 * pods are placed; how fast they are is another matter.
 */
const pretended = 16;

/** What the kubelet looks at to count its cores: google/cadvisor, utils/sysinfo/sysinfo.go. */
export function makeCores(paths: StatePaths): void {
  for (let core = 0; core < pretended; core++) {
    const topology = join(paths.data('cores'), 'node', 'node0', `cpu${core}`, 'topology');
    mkdirSync(topology, { recursive: true });
    writeFileSync(join(topology, 'core_id'), `${core}\n`);
    writeFileSync(join(topology, 'physical_package_id'), '0\n');
  }
  writeFileSync(join(paths.data('cores'), 'online'), `0-${pretended - 1}\n`);
}

/** The command in a view of this machine's devices of its own; whatever else it mounts is seen by all. */
export function withCores(paths: StatePaths, command: readonly string[]): readonly string[] {
  const script = [
    'mount --make-rprivate /sys',
    'mount --bind "$1/node" /sys/devices/system/node',
    'mount --bind "$1/online" /sys/devices/system/cpu/online',
    'shift',
    'exec "$@"',
  ].join(' && ');
  return [
    'unshare',
    '--mount',
    '--propagation=unchanged',
    'sh',
    '-c',
    script,
    'sh',
    paths.data('cores'),
    ...command,
  ];
}
