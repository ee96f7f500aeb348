import { homedir } from 'node:os';
import { join } from 'node:path';
import { controlGroupOf } from './control-groups.ts';

/** What is built and started. */
export const versions = { kubernetes: 'v1.34.0', coredns: 'v1.13.1', gateway: 'v1.3.0' } as const;

/**
 * The cluster's addresses. 198.18.0.0/15 is meant for benchmarks inside one's own house (RFC 2544), so that nothing
 * of it is ever seen outside this machine. `bridge` is what pods and this machine both reach; `private` is what only
 * this machine reaches, and no port of 127.0.0.1 is taken from anybody.
 */
export const addresses = {
  bridge: '198.18.0.1',
  pods: '198.18.0.0/16',
  services: '198.19.0.0/16',
  firstService: '198.19.0.1',
  private: '127.198.0.1',
} as const;

export const bridgeName = 'cni0';
export const podNetwork = 'rehome-lab';
export const nodeName = 'lab';
export const apiserver = `https://${addresses.bridge}:6443`;
export const etcd = `http://${addresses.private}:2379`;

/** Names of the programs that are built here. CoreDNS and pause have versions of their own. */
export const programs = {
  kubernetes: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'],
  coredns: `coredns-${versions.coredns}`,
  pause: 'pause-1',
  /** A folder: the resource definitions of the Gateway API, standard channel. */
  gateway: `gateway-${versions.gateway}`,
} as const;

/** Where built programs stay, outside of any checkout. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(
    env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'rehome',
    'kubernetes',
    versions.kubernetes,
  );
}

/** Everything of the running cluster: it is gone after `down`. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'rehome', 'kubernetes');
}

/** The files below a state folder that more than one part knows. */
export function statePaths(state: string) {
  return {
    controlGroup: controlGroupOf(state),
    kubeconfig: join(state, 'kubeconfig'),
    certificates: join(state, 'certificates'),
    /** Seen by every container under this very path, and as /data. */
    shared: join(state, 'shared'),
    logs: join(state, 'logs'),
    processes: join(state, 'processes'),
    containerd: join(state, 'containerd.sock'),
    /** Written last by `up`. */
    ready: join(state, 'ready.json'),
    config: (name: string) => join(state, 'config', name),
    data: (name: string) => join(state, 'data', name),
  } as const;
}

export type StatePaths = ReturnType<typeof statePaths>;
