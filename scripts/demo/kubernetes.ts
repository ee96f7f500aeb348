import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDocument } from 'yaml';
import { openApi } from '../../test/lab/kubernetes/api.ts';
import { loadCatalogue } from '../../test/lab/kubernetes/images.ts';
import { hasBridge } from '../../test/lab/kubernetes/network.ts';
import { addresses } from '../../test/lab/kubernetes/places.ts';
import { testCluster } from '../../test/support/kubernetes.ts';
import type { Target } from './target.ts';

/** Why the bank cannot move to a Kubernetes on this machine, and what to do; undefined where it can. */
export function missing(): string | undefined {
  const cluster = testCluster();
  if ('reason' in cluster) return `The demo cannot move to Kubernetes: ${cluster.reason}`;
  if (cluster.shared === undefined)
    return 'The demo cannot move to this Kubernetes: name a folder that its containers and this machine share in REHOME_TEST_SHARED.';
  if (!hasBridge())
    return `The demo cannot move to this Kubernetes: its pods reach nothing here, because no interface has ${addresses.bridge}. npm run lab:k8s -- up starts one that does.`;
  return undefined;
}

/** A namespace of its own on the cluster that runs here, written into the rehome.yaml of the demo, and the images. */
export async function kubernetesTarget(folder: string): Promise<Target> {
  const cluster = testCluster();
  if ('reason' in cluster) throw new Error(cluster.reason);
  const namespace = basename(folder).toLowerCase().replaceAll('_', '-');
  const data = join(cluster.shared ?? folder, namespace);
  mkdirSync(data);
  const { kubeconfig, context } = cluster;
  writeHome(folder, join(data, '{env}'), { kubeconfig, context, namespace, drain: '2s', min_ready: '1s' });
  if (!process.env['REHOME_TEST_KUBECONFIG'])
    await loadCatalogue(folder, { 'anna-repo/{app}:{version}': 'images/{app}/{version}' });
  return {
    home: 'k8s',
    words: 'a real Kubernetes',
    data,
    // Its node is this very machine, and pods take more to start than processes.
    wave: 3,
    beforeAll(say) {
      say(
        'While pods of seven services start, this one machine is no measure of latency: from here on',
        '`latency_slack: 3s` is in rehome.yaml. Errors and restarts count as before.',
      );
      setIn(folder, [[['moves', 'gate', 'latency_slack'], '3s']]);
    },
    async close() {
      const api = openApi(kubeconfig, context);
      await api.ask('DELETE', `/api/v1/namespaces/${namespace}`);
      // What ends still writes: the folder goes last.
      const deadline = Date.now() + 60_000;
      while ((await api.ask('GET', `/api/v1/namespaces/${namespace}`)).status !== 404) {
        if (Date.now() > deadline) throw new Error(`the namespace ${namespace} does not go`);
        await sleep(250);
      }
      api.close();
      rmSync(data, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function writeHome(folder: string, data: string, settings: Readonly<Record<string, string>>): void {
  const home = ['environments', 'test1', 'homes', 'k8s'];
  const path = 'crons.statements-tick.schedule';
  const why = 'Kubernetes runs nothing more often than once a minute';
  setIn(folder, [
    [['conventions', 'env', 'BANK_DATA'], data],
    ...Object.entries(settings).map(([key, value]) => [[...home, key], value] as const),
    // On a busy machine the slowest requests tell nothing, half of them do; and who is slow once is not dead.
    [['conventions', 'health', 'timeout'], '3s'],
    [['moves', 'gate', 'percentile'], 50],
    // Once a minute is not every five seconds: the bank takes it on.
    [['moves', 'accept'], [{ path, app: 'statements', owner: 'the bank', until: '2099-12-31', why }]],
  ]);
}

function setIn(folder: string, changes: readonly (readonly [readonly string[], unknown])[]): void {
  const file = join(folder, 'rehome.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  for (const [path, value] of changes) document.setIn(path, document.createNode(value));
  writeFileSync(file, String(document));
}
