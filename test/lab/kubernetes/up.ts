import { execFileSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, openApi } from './api.ts';
import { layerOf } from './archive.ts';
import { build } from './build.ts';
import { kubeconfig, makeCertificates } from './certificates.ts';
import * as commands from './components.ts';
import { configFiles, pauseImage } from './config.ts';
import { makeControlGroup } from './control-groups.ts';
import { down } from './down.ts';
import { importImages } from './images.ts';
import { withLock } from './lock.ts';
import { lacks, lacksForBuild } from './machine.ts';
import { hasBridge, makeNetwork } from './network.ts';
import {
  addresses,
  apiserver,
  cacheFolder,
  nodeName,
  programs,
  type StatePaths,
  stateFolder,
  statePaths,
} from './places.ts';
import { isAlive, lastWords, type Started, start } from './processes.ts';
import { clusterStatus } from './status.ts';
import { enter, type User } from './users.ts';

export interface UpOptions {
  readonly say?: (line: string) => void;
  readonly requestsInFlight?: number;
  /** Default `person`: it runs until somebody says `down`. */
  readonly user?: User;
}

/**
 * Builds what is missing, starts a cluster of one node unless it runs, and returns when the node is ready and names
 * are answered. Throws with the reasons where this machine cannot.
 * @returns path of the kubeconfig
 */
export async function up({
  say = () => {},
  requestsInFlight,
  user = 'person',
}: UpOptions = {}): Promise<string> {
  const reasons = [...lacks(), ...lacksForBuild()];
  if (reasons.length > 0) throw new Error(`No cluster can be started here. ${reasons.join(' ')}`);
  const state = stateFolder();
  const paths = statePaths(state);
  return withLock(
    async () => {
      if ((await clusterStatus(state)).state === 'up') {
        enter(user, state);
        return paths.kubeconfig;
      }
      build(say);
      await down(state); // whatever an earlier start left halfway
      if (hasBridge())
        throw new Error(`There is a network bridge cni0 already: another Kubernetes runs on this machine.`);
      try {
        await startAll(paths, say, requestsInFlight);
      } catch (error) {
        say('it did not come up: taking down what was started');
        await down(state, { keepLogs: true });
        throw error;
      }
      enter(user, state);
      return paths.kubeconfig;
    },
    () => say('waiting for somebody else who starts or stops the cluster …'),
  );
}

async function startAll(
  paths: StatePaths,
  say: (line: string) => void,
  requestsInFlight?: number,
): Promise<void> {
  const begun = Date.now();
  const since = () => `${((Date.now() - begun) / 1_000).toFixed(1)} s`;
  makeFiles(paths);
  makeNetwork(paths);
  makeControlGroup();
  const run = (name: string, command: readonly string[]) => start(paths, name, command);
  const guard = watchOver(paths);

  guard.add(run('etcd', commands.etcdCommand(paths)), run('containerd', commands.containerdCommand(paths)));
  const limit = requestsInFlight === undefined ? {} : { requestsInFlight };
  guard.add(run('apiserver', commands.apiserverCommand(paths, limit)));
  await guard.until(
    'containerd answers',
    20_000,
    async () => existsSync(paths.containerd) && (await loadPause()),
  );
  const api = openApi(paths.kubeconfig);
  try {
    await guard.until('the apiserver is ready', 60_000, () => isReady(api));
    say(`apiserver ready after ${since()}`);
    guard.add(
      run('controllers', commands.controllersCommand(paths)),
      run('scheduler', commands.schedulerCommand(paths)),
      run('kubelet', commands.kubeletCommand(paths)),
      run('proxy', commands.proxyCommand(paths)),
      run('coredns', commands.corednsCommand(paths)),
    );
    await defineGateway(api);
    await guard.until('the node is ready', 60_000, () => isNodeReady(api));
    say(`node ready after ${since()}`);
    await guard.until('names are answered', 30_000, isNameAnswered);
    await guard.until('pods may be made', 30_000, () =>
      exists(api, '/api/v1/namespaces/default/serviceaccounts/default'),
    );
    await guard.until('HTTPRoutes are known', 30_000, () =>
      exists(api, '/apis/gateway.networking.k8s.io/v1'),
    );
    await guard.until('services are wired', 30_000, isServiceWired);
  } finally {
    api.close();
  }
  writeFileSync(paths.ready, JSON.stringify({ since: new Date().toISOString(), seconds: since() }));
  say(`all ready after ${since()}`);
}

function makeFiles(paths: StatePaths): void {
  mkdirSync(paths.data('.'), { recursive: true });
  // tasks of any user leave their traces here
  mkdirSync(paths.shared, { recursive: true });
  chmodSync(paths.shared, 0o1777);
  const { token } = makeCertificates(paths.certificates);
  writeFileSync(paths.kubeconfig, kubeconfig(paths.certificates, apiserver, token), { mode: 0o600 });
  const files = { ...configFiles(paths), 'container.json': JSON.stringify(containerSpec(paths)) };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(paths.config(name)), { recursive: true });
    writeFileSync(paths.config(name), text);
  }
}

/** What containerd starts every container from, with the shared folder in it. */
function containerSpec(paths: StatePaths) {
  const usual = JSON.parse(execFileSync('ctr', ['oci', 'spec'], { encoding: 'utf8' })) as {
    mounts: unknown[];
    process: { rlimits?: unknown };
  };
  const bind = (destination: string) => ({
    destination,
    type: 'bind',
    source: paths.shared,
    options: ['rbind', 'rw'],
  });
  const { rlimits: _, ...process } = usual.process;
  return { ...usual, process, mounts: [...usual.mounts, bind(paths.shared), bind('/data')] };
}

/** Waits for conditions, and gives up at once when one of the programs has ended. */
function watchOver(paths: StatePaths) {
  const all: Started[] = [];
  return {
    add: (...more: Started[]) => all.push(...more),
    async until(what: string, withinMs: number, look: () => Promise<boolean>): Promise<void> {
      const deadline = Date.now() + withinMs;
      while (!(await look().catch(() => false))) {
        const dead = all.find((one) => !isAlive(one));
        if (dead) throw new Error(`${dead.name} ended:\n${lastWords(paths, dead.name)}`);
        if (Date.now() > deadline)
          throw new Error(`Waited ${withinMs / 1_000} s in vain: ${what}. See ${paths.logs}.`);
        await sleep(50);
      }
    },
  };
}

async function loadPause(): Promise<boolean> {
  const content = readFileSync(join(cacheFolder(), programs.pause));
  const layer = layerOf([{ path: 'pause', content, mode: 0o755 }]);
  await importImages([{ name: pauseImage, layers: [layer], config: { Entrypoint: ['/pause'] } }]);
  return true;
}

async function defineGateway(api: Api): Promise<void> {
  const folder = join(cacheFolder(), programs.gateway);
  const all = readdirSync(folder).map(async (file) => {
    const name = file
      .replace(/\.yaml$/, '')
      .split('_')
      .reverse()
      .join('.');
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}?fieldManager=lab`;
    const text = readFileSync(join(folder, file), 'utf8');
    const { status, body } = await api.ask('PATCH', path, text, 'application/apply-patch+yaml');
    if (status > 201) throw new Error(`The Gateway API cannot be defined: ${JSON.stringify(body)}`);
  });
  await Promise.all(all);
}

async function isReady(api: Api): Promise<boolean> {
  return (await api.ask('GET', '/readyz')).status === 200;
}

async function exists(api: Api, path: string): Promise<boolean> {
  return (await api.ask('GET', path)).status === 200;
}

async function isNodeReady(api: Api): Promise<boolean> {
  const { body } = await api.ask('GET', `/api/v1/nodes/${nodeName}`);
  const { status, spec } = body as {
    status?: { conditions?: readonly { type: string; status: string }[] };
    spec?: { taints?: readonly unknown[] };
  };
  const ready = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && (spec?.taints ?? []).length === 0;
}

async function isNameAnswered(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([addresses.bridge]);
  const found = await resolver.resolve4('kubernetes.default.svc.cluster.local');
  return found.includes(addresses.firstService);
}

/** kube-proxy has written its first rules: a service's address leads somewhere. */
function isServiceWired(): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: addresses.firstService, port: 443, timeout: 1_000 });
    const tell = (answer: boolean) => () => {
      socket.destroy();
      done(answer);
    };
    socket.on('connect', tell(true)).on('timeout', tell(false)).on('error', tell(false));
  });
}
