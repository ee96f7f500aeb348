import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isMap, parseDocument } from 'yaml';
import { openApi } from '../lab/kubernetes/api.ts';
import { type FolderImage, imagesOf, loadFolders } from '../lab/kubernetes/images.ts';
import { hasBridge } from '../lab/kubernetes/network.ts';
import { addresses } from '../lab/kubernetes/places.ts';
import { type TestCluster, testCluster } from '../support/kubernetes.ts';
import { type Bench, type Json, openFolder, project, without } from './harness.ts';

const found = testCluster();

/** Why tests that need a cluster cannot run; false where they can. */
export const skip = without('kubernetes') || ('reason' in found ? found.reason : false);

/** Why nothing in a pod reaches this machine; false where something does. */
export const withoutBridge = hasBridge() ? skip : `no interface of this machine has ${addresses.bridge}`;

/** A namespace that nobody else has, and what is asked of it behind rehome's back. */
export interface Space {
  readonly namespace: string;
  /** Settings of a home there, for `rehome.yaml`. */
  readonly home: Readonly<Record<string, unknown>>;
  /** A folder that pods and this machine see under this path. */
  readonly shared: string;
  /** Objects in the namespace: `apps/v1/deployments`, `v1/pods`. */
  list(path: string): Promise<readonly Json[]>;
  ask(method: string, path: string, body?: unknown): Promise<Json>;
}

export const kinds = [
  'apps/v1/deployments',
  'batch/v1/cronjobs',
  'discovery.k8s.io/v1/endpointslices',
  'networking.k8s.io/v1/ingresses',
  'policy/v1/poddisruptionbudgets',
  'v1/secrets',
  'v1/services',
];

/** Makes nothing: the namespace is rehome's to make. */
export function openSpace(
  t: Pick<TestContext, 'after'>,
  more: Readonly<Record<string, unknown>> = {},
): Space {
  const cluster = theCluster();
  const namespace = `e2e-${randomBytes(5).toString('hex')}`;
  const api = openApi(cluster.kubeconfig, cluster.context);
  const shared = join(cluster.shared ?? assert.fail('the cluster shares no folder'), namespace);
  mkdirSync(shared, { recursive: true });
  const ask = async (method: string, path: string, body?: unknown) => {
    const [group = '', ...rest] = path.split('/');
    const [version, kind] = group === 'v1' ? ['/api/v1', rest] : [`/apis/${group}/${rest[0]}`, rest.slice(1)];
    return (await api.ask(method, `${version}/namespaces/${namespace}/${kind.join('/')}`, body)).body as Json;
  };
  t.after(async () => {
    await api.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    api.close();
    rmSync(shared, { recursive: true, force: true });
  });
  const { kubeconfig, context } = cluster;
  const home = {
    platform: 'kubernetes',
    kubeconfig,
    context,
    namespace,
    create_namespace: true,
    drain: '2s',
    min_ready: '1s',
    ...more,
  };
  return { namespace, home, shared, ask, list: async (path) => (await ask('GET', path)).items };
}

export interface BankInTwoHomes {
  readonly bench: Bench;
  readonly space: Space;
}

/** The bank, whose test1 has a home in a namespace of its own beside the one on Mesos; no manifest is changed. */
export async function openBankInTwoHomes(t: Pick<TestContext, 'after'>): Promise<BankInTwoHomes> {
  const space = openSpace(t, { edge: addresses.bridge, intervals: 'slowed', forward_term: true });
  const bench = openFolder(join(project, 'examples/bank'));
  edit(bench.folder, readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8'), {
    'conventions.env.BANK_DATA': join(space.shared, '{env}'),
    'environments.test1.homes.k8s': space.home,
    'environments.test': undefined,
  });
  await loadCatalogue(bench.folder, { 'anna-repo/{app}:{version}': 'images/{app}/{version}' });
  await bench.runs(0, 'lab', 'up');
  return { bench, space };
}

/** Sets what stands at paths of a workspace's rehome.yaml; undefined removes it. */
export function edit(folder: string, file: string, changes: Readonly<Record<string, unknown>>): void {
  const document = parseDocument(file);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    if (value === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  assert.ok(isMap(document.contents));
  writeFileSync(join(folder, 'rehome.yaml'), String(document));
}

/** Gives the lab's cluster the images of a catalogue; other clusters have them from their owner. */
export async function loadCatalogue(folder: string, catalogue: Readonly<Record<string, string>>) {
  await loadImages(imagesOf(folder, catalogue));
}

export async function loadImages(images: readonly FolderImage[]): Promise<void> {
  if (!process.env['REHOME_TEST_KUBECONFIG']) await loadFolders(images);
}

/** The label that everything of rehome has. */
export function isOurs({ metadata }: Json): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'rehome';
}

function theCluster(): TestCluster {
  return 'reason' in found ? assert.fail(found.reason) : found;
}
