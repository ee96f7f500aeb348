import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isFailure } from '../../src/model/failure.ts';
import { openRehome } from '../../src/rehome.ts';
import { boxCommand } from '../../test/support/box.ts';
import { loadBox } from '../../test/support/kubernetes-home.ts';
import type { Body } from './bare-client.ts';
import type { Figure } from './bench.ts';
import type { Place } from './kubernetes-place.ts';
import { median } from './median.ts';

const rounds = 6;
const rehome = resolve(import.meta.dirname, '../../bin/rehome');
const name = 'box-deployment';

/**
 * One whole deployment of two real pods, all its steps and its journal, against a bare client that patches the same
 * Deployment and watches it. What counts is what either takes beyond the rollout itself, which a third party watches.
 */
export async function rolloutSpeed(place: Place): Promise<Figure[]> {
  await loadBox();
  const namespace = await place.namespace();
  const root = workspace(place, namespace);
  const ours: number[] = [];
  const bare: number[] = [];
  try {
    await deploy(root, '1.0.0');
    for (let round = 0; round < rounds; round++) {
      const mine = await beyond(place, namespace, () => deploy(root, round % 2 ? '1.0.0' : '1.0.1'));
      const theirs = await beyond(place, namespace, () => bareDeploy(place, namespace, round));
      // The first round loads code.
      if (round > 0) ours.push(mine);
      if (round > 0) bare.push(theirs);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
  const value = median(ours) - median(bare);
  const details = `${median(ours).toFixed(0)} ms against ${median(bare).toFixed(0)} ms beside the rollout; median of ${rounds - 1}`;
  const label = 'Kubernetes: a deploy of 2 pods, beyond a bare client';
  return [{ name: label, value, unit: 'ms', limit: '100 ms', ok: value <= 100, details }];
}

/** ms that something takes beside the rollout that it brings about. */
async function beyond(place: Place, namespace: string, run: () => Promise<void>): Promise<number> {
  const { rollout } = await observe(place, namespace);
  const begun = performance.now();
  await run();
  const took = performance.now() - begun;
  return took - (await rollout);
}

/** `rollout` resolves with the ms from the first change of the Deployment until it is rolled out. */
async function observe(place: Place, namespace: string): Promise<{ rollout: Promise<number> }> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { metadata } = await place.bare.call('GET', `${path}/${name}`);
  const { generation, resourceVersion } = metadata as { generation: number; resourceVersion: string };
  const query = `watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${resourceVersion}`;
  let began: number | undefined;
  let took = 0;
  const watched = place.bare.watch(`${path}?${query}`, (object) => {
    if ((object['metadata'] as Body)['generation'] !== generation) began ??= performance.now();
    if (began === undefined || !isComplete(object)) return false;
    took = performance.now() - began;
    return true;
  });
  return { rollout: watched.then(() => took) };
}

function isComplete({ metadata, spec, status }: Body): boolean {
  const { replicas } = spec as { replicas: number };
  const {
    observedGeneration,
    updatedReplicas,
    availableReplicas,
    replicas: all,
  } = status as Record<string, number>;
  const isSeen = observedGeneration === (metadata as Body)['generation'];
  return isSeen && updatedReplicas === replicas && availableReplicas === replicas && all === replicas;
}

async function bareDeploy(place: Place, namespace: string, round: number): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { rollout } = await observe(place, namespace);
  const annotations = { round: `${round}` };
  const body = { spec: { template: { metadata: { annotations } } } };
  await place.bare.call('PATCH', `${path}/${name}`, body, 'application/merge-patch+json');
  await rollout;
}

async function deploy(root: string, version: string): Promise<void> {
  const operations = await openRehome({ cwd: root, print: () => {}, self: [rehome] });
  if (isFailure(operations)) throw new Error(operations.message);
  const request = { app: 'box', version, where: 'bench', skip: [], lockWaitMs: 0, detach: false };
  const deployment = await operations.deploy(request, () => {}, new AbortController().signal);
  operations.close();
  if (isFailure(deployment) || deployment.status !== 'done') throw new Error(JSON.stringify(deployment));
}

function workspace({ kubeconfig, context }: Place, namespace: string): string {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  const home = { platform: 'kubernetes', kubeconfig, context, namespace, min_ready: '0s', drain: '1s' };
  writeFileSync(
    join(root, 'rehome.yaml'),
    JSON.stringify({
      conventions: { image: 'test/{app}:{version}', command: boxCommand, port: 8080, kill_grace: '1s' },
      environments: { bench: { stage: 'test', homes: { k8s: home } } },
    }),
  );
  mkdirSync(join(root, 'services'));
  const section = { cpu: 0.1, mem: 64, instances: 2 };
  const health = { path: '/health', interval: '1s' };
  writeFileSync(
    join(root, 'services/box.yml'),
    JSON.stringify({ application: { app_name: 'box', test: section, health } }),
  );
  return root;
}
