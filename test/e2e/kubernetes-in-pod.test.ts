import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../suites/platform/under-test.ts';
import { openNamespace, testCluster } from '../support/kubernetes.ts';
import { loadBox } from '../support/kubernetes-home.ts';
import { bindRole } from '../support/kubernetes-role.ts';
import { type Json, project } from './harness.ts';

const cluster = testCluster();
const why = 'reason' in cluster ? cluster.reason : !cluster.shared && 'the cluster shares no folder';

/** Asks for the Deployments of its own namespace, without a kubeconfig. */
const script = `
  const { clusterAt } = await import(process.env.SOURCE + '/platforms/kubernetes/api/cluster-at.ts');
  const { realHost } = await import(process.env.SOURCE + '/host/real.ts');
  const { kinds } = await import(process.env.SOURCE + '/platforms/kubernetes/kinds.ts');
  const inPod = clusterAt({}, { host: realHost(), root: '/' });
  console.log(JSON.stringify({ place: await inPod.place(), found: await inPod.list(kinds.Deployment) }));
  process.exit();
`;

test('in a pod nothing has to be said: its service account is who rehome is', { skip: why }, async (t) => {
  if ('reason' in cluster || !cluster.shared) return;
  const namespace = await openNamespace(t, cluster);
  const { name, api } = namespace;
  const folder = join(cluster.shared, name);
  mkdirSync(folder);
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(project, 'src'), join(folder, 'src'), { recursive: true });
  await bindRole(namespace);
  await loadBox();
  const container = {
    name: 'rehome',
    image: 'test/box:1.0.0',
    command: ['node', '--input-type=module', '--eval', script],
    env: [{ name: 'SOURCE', value: join(folder, 'src') }],
  };
  const spec = { serviceAccountName: 'rehome', restartPolicy: 'Never', containers: [container] };
  const pods = `/api/v1/namespaces/${name}/pods`;
  const made = await api.ask('POST', pods, { metadata: { name: 'rehome' }, spec });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const phase = async () => ((await api.ask('GET', `${pods}/rehome`)).body as Json).status.phase;
  await until('the pod has ended', async () => ['Succeeded', 'Failed'].includes(await phase()), 60_000);
  const { body: log } = await api.ask('GET', `${pods}/rehome/log`);
  const said = typeof log === 'string' ? JSON.parse(log) : (log as Json);
  assert.equal(said.place.namespace, name);
  assert.deepEqual(said.found, []);
});
