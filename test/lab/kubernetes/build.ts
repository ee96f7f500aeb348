import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, programs, versions } from './places.ts';

/** What still has to be built, by the name of the program. */
export function unbuilt(cache = cacheFolder()): readonly string[] {
  const all = [...programs.kubernetes, programs.coredns, programs.pause, programs.gateway];
  return all.filter((name) => !existsSync(join(cache, name)));
}

/**
 * Builds what is missing from Go modules, some 4 minutes on two cores. A program gets its name only when it is
 * whole, so a build that was killed leaves nothing half. The caller has the lock.
 */
export function build(say: (line: string) => void, cache = cacheFolder()): void {
  const missing = unbuilt(cache);
  if (missing.length === 0) return;
  mkdirSync(cache, { recursive: true });
  for (const left of globSync(join(cache, '.build-*'))) rmSync(left, { recursive: true });
  const work = mkdtempSync(join(cache, '.build-'));
  try {
    if (missing.includes(programs.pause)) make(work, cache, 'pause', say, makePause);
    if (missing.includes(programs.gateway)) make(work, cache, 'gateway', say, copyGateway);
    if (missing.includes(programs.coredns)) make(work, cache, 'coredns', say, makeCoredns);
    if (programs.kubernetes.some((name) => missing.includes(name))) {
      make(work, cache, 'kubernetes', say, makeKubernetes);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Recipe = (folder: string, out: string) => readonly string[];

function make(work: string, cache: string, what: string, say: (line: string) => void, recipe: Recipe): void {
  const [folder, out] = [join(work, what), join(work, `${what}-out`)];
  for (const path of [folder, out]) mkdirSync(path);
  const begun = Date.now();
  say(`building ${what} from its Go modules …`);
  for (const name of recipe(folder, out)) renameSync(join(out, name), join(cache, name));
  say(`built ${what} in ${Math.round((Date.now() - begun) / 1_000)} s`);
}

/** What holds a pod's network until it is told to end. */
function makePause(folder: string, out: string): readonly string[] {
  writeFileSync(join(folder, 'go.mod'), 'module lab/pause\n\ngo 1.24.0\n');
  writeFileSync(
    join(folder, 'main.go'),
    `package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
}
`,
  );
  go(folder, 'build', ...frugal, '-o', join(out, programs.pause), '.');
  return [programs.pause];
}

/** CoreDNS with the few plugins that a cluster's names need, in the order in which they see a question. */
function makeCoredns(folder: string, out: string): readonly string[] {
  const plugins = ['bind', 'ready', 'errors', 'cache', 'loadbalance', 'template', 'kubernetes'];
  const base = 'github.com/coredns/coredns';
  writeFileSync(join(folder, 'go.mod'), 'module lab/coredns\n\ngo 1.24.0\n');
  writeFileSync(
    join(folder, 'main.go'),
    `package main

import (
	"${base}/core/dnsserver"
	"${base}/coremain"
${plugins.map((name) => `\t_ "${base}/plugin/${name}"`).join('\n')}
)

func main() {
	dnsserver.Directives = []string{${plugins.map((name) => `"${name}"`).join(', ')}}
	coremain.Run()
}
`,
  );
  go(folder, 'mod', 'edit', '-require', `${base}@${versions.coredns}`);
  go(folder, 'mod', 'tidy');
  go(folder, 'build', ...frugal, '-o', join(out, programs.coredns), '.');
  return [programs.coredns];
}

/** Nothing to build: definitions in YAML. Without them a cluster knows no HTTPRoute. */
function copyGateway(folder: string, out: string): readonly string[] {
  writeFileSync(join(folder, 'go.mod'), 'module lab/gateway\n\ngo 1.24.0\n');
  const from = join(
    download(folder, `sigs.k8s.io/gateway-api@${versions.gateway}`).Dir,
    'config/crd/standard',
  );
  const to = join(out, programs.gateway);
  mkdirSync(to);
  for (const name of readdirSync(from).filter((one) => /^gateway\.networking.*\.yaml$/.test(one))) {
    writeFileSync(join(to, name), readFileSync(join(from, name)));
  }
  return [programs.gateway];
}

/** Kubernetes' go.mod points its staging modules into its own tree; here each is the published one. */
function makeKubernetes(folder: string, out: string): readonly string[] {
  const { kubernetes } = versions;
  const commands = programs.kubernetes.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  writeFileSync(join(folder, 'go.mod'), 'module lab/kubernetes\n\ngo 1.24.0\n');
  const imports = commands.map((path) => `\t_ "${path}"`).join('\n');
  writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage lab\n\nimport (\n${imports}\n)\n`);
  go(folder, 'mod', 'edit', '-require', `k8s.io/kubernetes@${kubernetes}`);
  const { GoMod } = download(folder, `k8s.io/kubernetes@${kubernetes}`);
  const staged = [...readFileSync(GoMod, 'utf8').matchAll(/^\t(k8s\.io\/\S+) v0\.0\.0(?= |$)/gm)].map(
    ([, name]) => name,
  );
  const published = kubernetes.replace('v1.', 'v0.');
  const replaced = [...new Set(staged)].map((name) => `-replace=${name}=${name}@${published}`);
  go(folder, 'mod', 'edit', ...replaced);
  go(folder, 'mod', 'tidy');
  const version = 'k8s.io/component-base/version';
  const [major, minor] = kubernetes.slice(1).split('.');
  const stamps = `-X ${version}.gitVersion=${kubernetes} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
  go(folder, 'build', '-trimpath', '-ldflags', `-s -w ${stamps}`, '-o', `${out}/`, ...commands);
  return programs.kubernetes;
}

function download(folder: string, module: string) {
  return JSON.parse(go(folder, 'mod', 'download', '-json', module)) as {
    readonly GoMod: string;
    readonly Dir: string;
  };
}

const frugal = ['-trimpath', '-ldflags', '-s -w'];

function go(cwd: string, ...args: string[]): string {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' };
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  const why = error?.message ?? stderr.trim().split('\n').slice(-8).join('\n');
  throw new Error(`\`go ${args.slice(0, 2).join(' ')}\` failed: ${why}`);
}

/** The Go that is on this machine, or undefined. */
export function goVersion(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
