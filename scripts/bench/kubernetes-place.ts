import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { testCluster } from '../../test/support/kubernetes.ts';
import { bareClient } from './bare-client.ts';

/** Who we are to the cluster, out of its kubeconfig. */
export interface Credentials {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/** Requests at once, of the bare client and of rehome alike. */
export const atOnce = 16;

/** The cluster that is measured, and namespaces in it that go away again. */
export type Place = Exclude<ReturnType<typeof openPlace>, { reason: string }>;

export function openPlace() {
  const cluster = testCluster();
  if ('reason' in cluster) return cluster;
  const bare = bareClient(credentialsIn(cluster.kubeconfig, cluster.context), atOnce);
  const made: string[] = [];

  async function namespace(): Promise<string> {
    const name = `bench-${randomBytes(4).toString('hex')}`;
    made.push(name);
    const metadata = { name };
    await bare.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
    return name;
  }

  async function close(): Promise<void> {
    await Promise.all(made.map((name) => bare.call('DELETE', `/api/v1/namespaces/${name}`)));
    bare.close();
  }
  return { ...cluster, bare, namespace, close };
}

interface Kubeconfig {
  readonly contexts: readonly { name: string; context: { cluster: string; user: string } }[];
  readonly clusters: readonly { name: string; cluster: Record<string, string> }[];
  readonly users: readonly { name: string; user: Record<string, string> }[];
}

function credentialsIn(file: string, context: string): Credentials {
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const chosen = config.contexts.find(({ name }) => name === context)?.context;
  const cluster = config.clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === chosen?.user)?.user;
  if (!cluster?.['server']) throw new Error(`${file} has no context ${context}`);
  const pem = (from: Record<string, string> | undefined, key: string) =>
    from?.[`${key}-data`] ? Buffer.from(from[`${key}-data`] ?? '', 'base64').toString() : undefined;
  const all = {
    server: cluster['server'],
    ca: pem(cluster, 'certificate-authority'),
    cert: pem(user, 'client-certificate'),
    key: pem(user, 'client-key'),
    token: user?.['token'],
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as Credentials;
}
