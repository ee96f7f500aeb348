import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addresses, bridgeName, podNetwork, type StatePaths } from './places.ts';
import { withSystem } from './processes.ts';

/** Kernel settings that CNI and kube-proxy change, put back by `removeNetwork`. */
const settings = ['net/ipv4/ip_forward', 'net/ipv4/conf/all/route_localnet'];

/** The bridge of the pods, made before anybody needs it: the apiserver has its address there. */
export function makeNetwork(paths: StatePaths): void {
  const before = paths.data('kernel.json');
  mkdirSync(dirname(before), { recursive: true });
  const values = settings.map(
    (name) => [name, readFileSync(join('/proc/sys', name), 'utf8').trim()] as const,
  );
  if (!existsSync(before)) writeFileSync(before, JSON.stringify(Object.fromEntries(values)));
  if (!hasBridge()) run('ip', 'link', 'add', bridgeName, 'type', 'bridge');
  run('ip', 'address', 'replace', `${addresses.bridge}/16`, 'dev', bridgeName);
  run('ip', 'link', 'set', bridgeName, 'up');
  // an address of a service that nobody translates must not leave the machine
  run('ip', 'route', 'replace', addresses.services, 'dev', bridgeName);
}

export function hasBridge(): boolean {
  return spawnSync('ip', ['link', 'show', bridgeName], { env: environment, stdio: 'ignore' }).status === 0;
}

/**
 * Takes away the bridge, the pods' network namespaces, and the rules of kube-proxy, kubelet and CNI, if `makeNetwork`
 * was ever called for this cluster: another's bridge has the same name.
 */
export function removeNetwork(paths: StatePaths): void {
  const before = paths.data('kernel.json');
  if (!existsSync(before)) return;
  for (const file of globSync(`/var/lib/cni/results/${podNetwork}-*`)) {
    const result = readFileSync(file, 'utf8');
    if (!isOurs(result, paths)) continue;
    for (const path of namespacesOf(result)) {
      spawnSync('umount', [path], { stdio: 'ignore' });
      rmSync(path, { force: true });
    }
    rmSync(file);
  }
  if (hasBridge()) run('ip', 'link', 'delete', bridgeName);
  for (const family of ['iptables', 'ip6tables']) removeRules(family);
  for (const [name, value] of Object.entries(
    JSON.parse(readFileSync(before, 'utf8')) as Record<string, string>,
  )) {
    writeFileSync(join('/proc/sys', name), value);
  }
}

/** A result holds the network's configuration in base64, and in it the folder of our addresses. */
function isOurs(result: string, paths: StatePaths): boolean {
  const { config = '' } = JSON.parse(result) as { config?: string };
  return Buffer.from(config, 'base64')
    .toString()
    .includes(`"${paths.data('addresses')}"`);
}

/** CNI keeps what it gave to whom, and in which network namespace (`/var/run/netns/cni-…`). */
function namespacesOf(result: string): readonly string[] {
  return [...new Set(result.match(/\/(?:var\/)?run\/netns\/cni-[0-9a-f-]+/g))];
}

function removeRules(family: string): void {
  const saved = spawnSync(`${family}-save`, { encoding: 'utf8', env: environment }).stdout ?? '';
  const orders = withoutOurs(saved);
  if (orders === '') return;
  execFileSync(`${family}-restore`, ['--noflush'], {
    input: orders,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What iptables-restore has to be told, so that nothing of ours is left in what iptables-save printed. */
export function withoutOurs(saved: string): string {
  const tables = saved.split(/^(?=\*)/m).filter((part) => part.startsWith('*'));
  return tables.map(cleared).join('');
}

function cleared(table: string): string {
  const lines = table.split('\n');
  const cni = lines.filter(
    (line) => line.includes(`name: \\"${podNetwork}\\"`) || line.includes(`name: "${podNetwork}"`),
  );
  const made = new Set(cni.flatMap((line) => /-j (CNI-[0-9a-f]+)/.exec(line)?.[1] ?? []));
  const chains = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []);
  const portmap = /^CNI-(HOSTPORT|DN)/;
  const gone = chains.filter((name) => name.startsWith('KUBE-') || made.has(name) || portmap.test(name));
  if (gone.length === 0) return '';
  const jump = new RegExp(`^-A (\\S+) .*-j (${gone.join('|')})( |$)`);
  const jumps = lines.filter((line) => !gone.includes(/^-A (\S+)/.exec(line)?.[1] ?? '') && jump.test(line));
  return [
    lines[0],
    ...gone.map((name) => `:${name} - [0:0]`), // makes it empty
    ...jumps.map((line) => line.replace(/^-A/, '-D')),
    ...gone.map((name) => `-X ${name}`),
    'COMMIT',
    '',
  ].join('\n');
}

const environment = { ...process.env, PATH: withSystem(process.env['PATH']) };

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { env: environment, stdio: 'pipe' });
}
