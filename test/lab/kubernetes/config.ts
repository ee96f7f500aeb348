import { certificatePaths } from './certificates.ts';
import { addresses, bridgeName, podNetwork, type StatePaths } from './places.ts';

export const pauseImage = 'docker.io/rehome-lab/pause:1';

/** Text of every configuration file, by its name below `config/`. */
export function configFiles(paths: StatePaths): Readonly<Record<string, string>> {
  return {
    'containerd.toml': containerd(paths),
    'cni/10-pods.conflist': JSON.stringify(podsNetwork(paths), undefined, 2),
    'kubelet.json': JSON.stringify(kubelet(paths), undefined, 2),
    // the machine's own search domains are none of the pods' business
    'resolv.conf': '',
    Corefile: corefile(paths),
  };
}

function containerd(paths: StatePaths): string {
  return `version = 2
root = "${paths.data('containerd')}"
state = "${paths.data('containerd-run')}"
oom_score = 0
[grpc]
  address = "${paths.containerd}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${paths.data('containerd-opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # runc may not lower a score where the machine has no CAP_SYS_RESOURCE
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${paths.config('cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    base_runtime_spec = "${paths.config('container.json')}"
`;
}

function podsNetwork(paths: StatePaths) {
  return {
    cniVersion: '0.4.0',
    name: podNetwork,
    plugins: [
      {
        type: 'bridge',
        bridge: bridgeName,
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: paths.data('addresses'),
          ranges: [[{ subnet: addresses.pods, gateway: addresses.bridge }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

function kubelet(paths: StatePaths) {
  const { ca, server } = certificatePaths(paths.certificates);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: addresses.bridge,
    tlsCertFile: server.cert,
    tlsPrivateKeyFile: server.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: ca.cert },
    },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${paths.containerd}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${paths.controlGroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    clusterDNS: [addresses.bridge],
    clusterDomain: 'cluster.local',
    resolvConf: paths.config('resolv.conf'),
    podLogsDir: paths.data('pod-logs'),
    volumePluginDir: paths.data('volume-plugins'),
    healthzPort: 0,
    readOnlyPort: 0,
    serializeImagePulls: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '10Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    maxPods: 250,
    syncFrequency: '1s',
    nodeStatusUpdateFrequency: '5s',
    // tests start many pods at once
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
  };
}

function corefile(paths: StatePaths): string {
  return `cluster.local in-addr.arpa ip6.arpa {
  bind ${addresses.bridge}
  errors
  ready ${addresses.private}:8181
  cache 5
  loadbalance
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${paths.kubeconfig} lab
    ttl 5
  }
}
. {
  bind ${addresses.bridge}
  errors
  # there is nobody to ask for other names: say so at once
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;
}
