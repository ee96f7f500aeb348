import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realHost } from '../../src/host/real.ts';
import type { Json } from '../../src/platforms/json.ts';
import { clusterAt } from '../../src/platforms/kubernetes/api/cluster-at.ts';
import { kubernetes } from '../../src/platforms/kubernetes/platform.ts';
import type { KubernetesSettings } from '../../src/platforms/kubernetes/settings.ts';
import type { Answer } from '../lab/kubernetes/api.ts';
import { loadCatalogue } from '../lab/kubernetes/images.ts';
import { boxCatalogue, writeBox } from './box.ts';
import { openNamespace, testCluster } from './kubernetes.ts';

export type KubernetesHome = Awaited<ReturnType<typeof startHome>>;

/** Why tests that want a cluster cannot run; false where they can. */
export function noCluster(): string | false {
  const cluster = testCluster();
  return 'reason' in cluster ? cluster.reason : false;
}

/** A home in a namespace of its own on the test cluster, with times for the impatient. */
export async function startHome(
  more: { readonly labels?: Readonly<Record<string, string>>; readonly settings?: Json } = {},
) {
  const cluster = testCluster();
  if ('reason' in cluster) assert.fail(cluster.reason);
  const { kubeconfig, context, shared = tmpdir() } = cluster;
  await loadBox();
  const ends: (() => unknown)[] = [];
  const after = (end: unknown) => void ends.push(end as () => unknown);
  const { name: namespace, api } = await openNamespace({ after }, cluster, more.labels);
  // Pods of the `restricted` kind are nobody's root.
  const root = mkdtempSync(join(shared, 'home-'));
  chmodSync(root, 0o777);
  after(() => rmSync(root, { recursive: true }));
  const settings: KubernetesSettings = kubernetes.settings.parse({
    kubeconfig,
    context,
    namespace,
    drain: '2s',
    min_ready: '1s',
    intervals: 'every',
    ...more.settings,
  }) as KubernetesSettings;

  /** What somebody else does in the namespace: `deployments/hcn-deployment`. */
  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const url = `${groupOf(path)}/namespaces/${namespace}/${path}?fieldManager=kubectl-edit`;
    return await api.ask(method, url, body, type);
  }

  return {
    settings,
    root,
    namespace,
    server: api.server,
    ask,
    cluster: clusterAt(settings, { host: realHost(), root }),
    async stop() {
      for (const end of ends) await end();
    },
  };
}

/** On a cluster that somebody lends us the images are there already. */
export async function loadBox(): Promise<void> {
  if (process.env['REHOME_TEST_KUBECONFIG']) return;
  const folder = mkdtempSync(join(tmpdir(), 'rehome-box-'));
  try {
    writeBox(folder);
    await loadCatalogue(folder, boxCatalogue);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const groups: Readonly<Record<string, string>> = {
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
};

function groupOf(path: string): string {
  return groups[path.split('/')[0] ?? ''] ?? '/api/v1';
}
