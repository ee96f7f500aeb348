import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { goVersion, unbuilt } from './build.ts';
import { withSystem } from './processes.ts';

/** Programs that the cluster uses, and the packages of Debian and Ubuntu that bring them. */
const tools: Readonly<Record<string, string>> = {
  etcd: 'etcd-server',
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  ip6tables: 'iptables',
  conntrack: 'conntrack',
  ip: 'iproute2',
  mount: 'mount',
  umount: 'mount',
  unshare: 'util-linux',
  openssl: 'openssl',
  ldd: 'libc-bin',
  python3: 'python3',
};
const plugins = { folder: '/usr/lib/cni', names: ['bridge', 'host-local', 'portmap', 'loopback'] };

/** Why a cluster cannot be started on this machine, one sentence each. Nothing means that it can. */
export function lacks(): readonly string[] {
  if (process.platform !== 'linux') return [`It needs Linux: this is ${process.platform}.`];
  if (process.getuid?.() !== 0) return ['It needs root, for networks and containers: this user is not root.'];
  const packages = Object.entries(tools).flatMap(([name, from]) => (onPath(name) ? [] : [from]));
  if (plugins.names.some((name) => !existsSync(join(plugins.folder, name)))) {
    packages.push('containernetworking-plugins');
  }
  const missing = [...new Set(packages)];
  return [
    ...(missing.length > 0 ? [`Programs are missing: \`apt-get install ${missing.join(' ')}\`.`] : []),
    ...(existsSync('/sys/fs/cgroup/cgroup.controllers') || existsSync('/sys/fs/cgroup/memory')
      ? []
      : ['There are no control groups below /sys/fs/cgroup.']),
  ];
}

/** Why what is not built yet cannot be built here. */
export function lacksForBuild(): readonly string[] {
  if (unbuilt().length === 0) return [];
  const found = goVersion();
  if (found === undefined) return ['Go 1.24 or later is needed to build Kubernetes: https://go.dev/dl'];
  const [, minor = '0'] = /^go1\.(\d+)/.exec(found) ?? [];
  // from 1.21 on, go fetches the version that a module asks for
  return Number(minor) >= 21 ? [] : [`Go 1.24 or later is needed to build Kubernetes; this is ${found}.`];
}

function onPath(name: string): boolean {
  return withSystem(process.env['PATH'])
    .split(delimiter)
    .some((folder) => existsSync(join(folder, name)));
}
