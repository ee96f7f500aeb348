import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Entry, Surroundings } from './kubeconfig.ts';

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const account = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that we run in ourselves, as the service account of our pod; undefined outside of any. */
export function inPod({ files, env }: Pick<Surroundings, 'files' | 'env'>): Entry | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const tokenFile = join(account, 'token');
  if (!host || !files.exists(tokenFile)) return undefined;
  const namespace = files.read(join(account, 'namespace'));
  const name = isIPv6(host) ? `[${host}]` : host;
  return {
    ...(typeof namespace === 'string' ? { namespace: namespace.trim() } : {}),
    cluster: {
      name: 'in-cluster',
      server: `https://${name}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`,
      caFile: join(account, 'ca.crt'),
      skipTLSVerify: false,
    },
    user: { name: 'service account' },
    tokenFile,
    as: {},
  };
}
