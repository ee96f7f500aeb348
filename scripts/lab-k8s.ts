import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Catalogue } from '../src/host/images.ts';
import { build } from '../test/lab/kubernetes/build.ts';
import { down } from '../test/lab/kubernetes/down.ts';
import { archiveFolders, imagesOf, loadCatalogue } from '../test/lab/kubernetes/images.ts';
import { withLock } from '../test/lab/kubernetes/lock.ts';
import { lacksForBuild } from '../test/lab/kubernetes/machine.ts';
import { cacheFolder } from '../test/lab/kubernetes/places.ts';
import { clusterStatus } from '../test/lab/kubernetes/status.ts';
import { up } from '../test/lab/kubernetes/up.ts';

/** `npm run lab:k8s -- COMMAND`: a real Kubernetes of one node on this machine. See docs/kubernetes-lab.md. */
const usage = `npm run lab:k8s -- up [--requests-in-flight N]   starts it, or finds it running; prints the kubeconfig's path
npm run lab:k8s -- status                        what runs
npm run lab:k8s -- load WORKSPACE                gives it the images of a workspace's catalogue
npm run lab:k8s -- archive WORKSPACE FILE        the same images as a file, for other clusters
npm run lab:k8s -- build                         builds Kubernetes and CoreDNS, once
npm run lab:k8s -- down                          ends everything`;

const [command, ...rest] = process.argv.slice(2);
const say = (line: string) => console.error(line);

try {
  process.exitCode = await run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  if (command === 'up') console.log(await up({ say, ...limit() }));
  else if (command === 'down') await withLock(() => down());
  else if (command === 'status') return status();
  else if (command === 'build') await buildAll();
  else if (command === 'load' && rest[0])
    for (const name of await loadCatalogue(...workspace(rest[0]))) console.log(name);
  else if (command === 'archive' && rest[0] && rest[1])
    writeFileSync(rest[1], archiveFolders(imagesOf(...workspace(rest[0]))));
  else {
    console.error(usage);
    return 2;
  }
  return 0;
}

async function status(): Promise<number> {
  const now = await clusterStatus();
  console.log(now.why === undefined ? now.state : `${now.state}: ${now.why}`);
  if (now.state === 'down') return 1;
  for (const { name, pid, memory } of now.processes)
    console.log(`${name.padEnd(12)} pid ${pid}, ${memory} MiB`);
  console.log(`KUBECONFIG=${now.kubeconfig}\nshared folder: ${now.shared}`);
  return now.state === 'up' ? 0 : 1;
}

async function buildAll(): Promise<void> {
  const reasons = lacksForBuild();
  if (reasons.length > 0) throw new Error(reasons.join(' '));
  await withLock(async () => build(say));
  console.log(cacheFolder());
}

function limit(): { readonly requestsInFlight?: number } {
  const at = rest.indexOf('--requests-in-flight');
  return at < 0 ? {} : { requestsInFlight: Number(rest[at + 1]) };
}

function workspace(folder: string): readonly [string, Catalogue] {
  const root = resolve(folder);
  const { images = {} } = parse(readFileSync(join(root, 'rehome.yaml'), 'utf8')) as { images?: Catalogue };
  return [root, images];
}
