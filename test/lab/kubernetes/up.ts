import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openApi } from './api.ts';
import { layerOf } from './archive.ts';
import { build } from './build.ts';
import { kubeconfig, makeCertificates } from './certificates.ts';
import * as commands from './components.ts';
import { configFiles, pauseImage } from './config.ts';
import { makeControlGroup } from './control-groups.ts';
import { makeCores, withCores } from './cores.ts';
import { down } from './down.ts';
import { importImages, loadBase } from './images.ts';
import { withLock } from './lock.ts';
import { lacks, lacksForBuild } from './machine.ts';
import { hasBridge, makeNetwork } from './network.ts';
import { apiserver, cacheFolder, programs, type StatePaths, stateFolder, statePaths } from './places.ts';
import { isAlive, lastWords, type Started, start } from './processes.ts';
import { answers, defineGateway, isNameAnswered, isNodeReady, isServiceWired } from './readiness.ts';
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
        throw new Error('There is a network bridge cni0 already: another Kubernetes runs on this machine.');
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
  makeControlGroup(paths.controlGroup);
  const run = (name: string, command: readonly string[]) => start(paths, name, command);
  const guard = watchOver(paths);

  guard.add(run('etcd', commands.etcdCommand(paths)), run('containerd', commands.containerdCommand(paths)));
  const limit = requestsInFlight === undefined ? {} : { requestsInFlight };
  guard.add(run('apiserver', commands.apiserverCommand(paths, limit)));
  const until = guard.until;
  await until('containerd answers', async () => existsSync(paths.containerd) && (await loadPause()));
  const base = loadBase();
  base.catch(() => {}); // it is awaited below
  const api = openApi(paths.kubeconfig);
  try {
    await until('the apiserver is ready', () => answers(api, '/readyz'));
    say(`apiserver ready after ${since()}`);
    guard.add(
      run('controllers', commands.controllersCommand(paths)),
      run('scheduler', commands.schedulerCommand(paths)),
      run('kubelet', withCores(paths, commands.kubeletCommand(paths))),
      run('proxy', commands.proxyCommand(paths)),
      run('coredns', commands.corednsCommand(paths)),
    );
    await defineGateway(api);
    await until('the node is ready', () => isNodeReady(api));
    say(`node ready after ${since()}`);
    await until('names are answered', isNameAnswered);
    await until('pods may be made', () => answers(api, '/api/v1/namespaces/default/serviceaccounts/default'));
    await until('HTTPRoutes are known', () => answers(api, '/apis/gateway.networking.k8s.io/v1'));
    await until('services are wired', isServiceWired);
    await base;
  } finally {
    api.close();
  }
  writeFileSync(paths.ready, JSON.stringify({ since: new Date().toISOString(), seconds: since() }));
  say(`all ready after ${since()}`);
}

function makeFiles(paths: StatePaths): void {
  mkdirSync(paths.data('.'), { recursive: true });
  makeCores(paths);
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

const patienceMs = 60_000;

/** Waits for conditions, and gives up at once when one of the programs has ended. */
function watchOver(paths: StatePaths) {
  const all: Started[] = [];
  return {
    add: (...more: Started[]) => all.push(...more),
    async until(what: string, look: () => Promise<boolean>): Promise<void> {
      const deadline = Date.now() + patienceMs;
      while (!(await look().catch(() => false))) {
        const dead = all.find((one) => !isAlive(one));
        if (dead) throw new Error(`${dead.name} ended:\n${lastWords(paths, dead.name)}`);
        if (Date.now() > deadline)
          throw new Error(`Waited ${patienceMs / 1_000} s in vain: ${what}. See ${paths.logs}.`);
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
