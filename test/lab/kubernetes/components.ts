import { join } from 'node:path';
import { certificatePaths } from './certificates.ts';
import { addresses, apiserver, cacheFolder, etcd, nodeName, programs, type StatePaths } from './places.ts';

/** How an apiserver runs beside or instead of the usual one. */
export interface ApiserverOptions {
  /** Default 6443. */
  readonly port?: number;
  /** Requests that it serves at a time; more get 429. Default: no limit, for benchmarks. */
  readonly requestsInFlight?: number;
  /** A second one must not put itself in the place of the first. */
  readonly second?: true;
}

export function etcdCommand(paths: StatePaths): readonly string[] {
  const peer = etcd.replace(':2379', ':2380');
  return [
    'etcd',
    '--name=lab',
    `--data-dir=${paths.data('etcd')}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=lab=${peer}`,
    '--unsafe-no-fsync',
    '--logger=zap',
    '--log-level=warn',
  ];
}

export function containerdCommand(paths: StatePaths): readonly string[] {
  return ['containerd', '--config', paths.config('containerd.toml')];
}

export function apiserverCommand(paths: StatePaths, options: ApiserverOptions = {}): readonly string[] {
  const { ca, server, admin, accounts, tokens } = certificatePaths(paths.certificates);
  const { requestsInFlight: limit } = options;
  const limits =
    limit === undefined
      ? ['--max-requests-inflight=0', '--max-mutating-requests-inflight=0']
      : [`--max-requests-inflight=${limit}`, `--max-mutating-requests-inflight=${limit}`];
  return [
    program('kube-apiserver'),
    `--etcd-servers=${etcd}`,
    `--bind-address=${addresses.bridge}`,
    `--advertise-address=${addresses.bridge}`,
    `--secure-port=${options.port ?? 6443}`,
    `--tls-cert-file=${server.cert}`,
    `--tls-private-key-file=${server.key}`,
    `--client-ca-file=${ca.cert}`,
    `--token-auth-file=${tokens}`,
    `--service-account-key-file=${accounts.public}`,
    `--service-account-signing-key-file=${accounts.private}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--kubelet-certificate-authority=${ca.cert}`,
    `--kubelet-client-certificate=${admin.cert}`,
    `--kubelet-client-key=${admin.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--authorization-mode=Node,RBAC',
    `--service-cluster-ip-range=${addresses.services}`,
    // the upper part of the usual range: below lie the ports of rehome's own labs
    '--service-node-port-range=32000-32767',
    '--allow-privileged',
    '--enable-priority-and-fairness=false',
    ...limits,
    ...(options.second ? ['--endpoint-reconciler-type=none'] : []),
  ];
}

export function controllersCommand(paths: StatePaths): readonly string[] {
  const { ca, server, accounts } = certificatePaths(paths.certificates);
  return [
    program('kube-controller-manager'),
    `--kubeconfig=${paths.kubeconfig}`,
    `--bind-address=${addresses.private}`,
    `--tls-cert-file=${server.cert}`,
    `--tls-private-key-file=${server.key}`,
    `--service-account-private-key-file=${accounts.private}`,
    `--root-ca-file=${ca.cert}`,
    `--cluster-signing-cert-file=${ca.cert}`,
    `--cluster-signing-key-file=${ca.key}`,
    '--use-service-account-credentials=true',
    // how soon a node that got ready is freed of its taint
    '--node-monitor-period=500ms',
    '--leader-elect=false',
    ...unthrottled,
  ];
}

export function schedulerCommand(paths: StatePaths): readonly string[] {
  const { server } = certificatePaths(paths.certificates);
  return [
    program('kube-scheduler'),
    `--kubeconfig=${paths.kubeconfig}`,
    `--bind-address=${addresses.private}`,
    `--tls-cert-file=${server.cert}`,
    `--tls-private-key-file=${server.key}`,
    '--leader-elect=false',
    ...unthrottled,
  ];
}

export function kubeletCommand(paths: StatePaths): readonly string[] {
  return [
    program('kubelet'),
    `--config=${paths.config('kubelet.json')}`,
    `--kubeconfig=${paths.kubeconfig}`,
    `--root-dir=${paths.data('kubelet')}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${addresses.bridge}`,
  ];
}

export function proxyCommand(paths: StatePaths): readonly string[] {
  return [
    program('kube-proxy'),
    `--kubeconfig=${paths.kubeconfig}`,
    `--hostname-override=${nodeName}`,
    '--proxy-mode=iptables',
    `--cluster-cidr=${addresses.pods}`,
    // answers of a pod on the same bridge would go straight to the asking pod, past the translation
    '--masquerade-all',
    `--nodeport-addresses=127.0.0.0/8,${addresses.pods}`,
    `--healthz-bind-address=${addresses.private}:10256`,
    `--metrics-bind-address=${addresses.private}:10249`,
    '--conntrack-max-per-core=0',
    '--iptables-min-sync-period=100ms',
  ];
}

export function corednsCommand(paths: StatePaths): readonly string[] {
  return [program(programs.coredns), '-conf', paths.config('Corefile')];
}

/** Controllers hold themselves back by default, which costs 4 s at the start alone. */
const unthrottled = ['--kube-api-qps=500', '--kube-api-burst=1000'];

/** Where the cluster's DNS says that it has the services. */
export const dnsReadyUrl = `http://${addresses.private}:8181/ready`;
export const apiserverUrl = apiserver;

function program(name: string): string {
  return join(cacheFolder(), name);
}
