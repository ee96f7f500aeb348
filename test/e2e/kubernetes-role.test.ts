import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { boxCommand } from '../support/box.ts';
import { openNamespace, type TestCluster, testCluster } from '../support/kubernetes.ts';
import { bindRole } from '../support/kubernetes-role.ts';
import { type Bench, type Json, openFolder } from './harness.ts';

const cluster = testCluster();

/** docs/kubernetes-role.yaml promises that it suffices. Whoever deploys here may do that and nothing else. */
describe('the Role in the docs', { skip: 'reason' in cluster && cluster.reason }, () => {
  test('suffices for deployments, tasks, crons, logs, status and an undoing', async (t) => {
    if ('reason' in cluster) return;
    const namespace = await namespaceWithRole(t, cluster);
    await using bench = workspace(namespace);
    await bench.runs(0, 'deploy', 'guest:1.0.0', '-e', 'test');
    await bench.runs(0, 'deploy', 'guest:1.0.1', '-e', 'test');
    await bench.runs(4, 'deploy', 'guest:2.0.0', '-e', 'test');
    const { apps } = await bench.json('status', '-e', 'test');
    assert.equal(apps[0].homes[0].version, '1.0.1');
    assert.equal(apps[0].homes[0].instances.healthy, 2);
    const { stdout } = await bench.runs(0, 'logs', 'guest', '-e', 'test');
    assert.match(stdout, /box 1\.0\.1 listens/);
    await bench.runs(0, 'run', 'guest', '-e', 'test', '--', 'echo done');
    await bench.runs(0, 'doctor');
  });

  test('lets nobody into another namespace', async (t) => {
    if ('reason' in cluster) return;
    const namespace = await namespaceWithRole(t, cluster);
    await using bench = workspace({ ...namespace, name: 'default' });
    const { stderr } = await bench.runs(1, 'deploy', 'guest:1.0.0', '-e', 'test');
    assert.match(stderr, /in the namespace default.*\[forbidden\]/s);
  });
});

interface Guest {
  readonly name: string;
  readonly kubeconfig: string;
}

/** A namespace with the Role, and the kubeconfig of a service account that has it. */
async function namespaceWithRole(t: TestContext, there: TestCluster): Promise<Guest> {
  const namespace = await openNamespace(t, there);
  const { name, api } = namespace;
  await bindRole(namespace);
  const path = `/api/v1/namespaces/${name}/serviceaccounts/rehome/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const answer: Json = (await api.ask('POST', path, request)).body;
  return { name, kubeconfig: kubeconfigWith(there, answer.status.token) };
}

function kubeconfigWith({ kubeconfig, context }: TestCluster, token: string): string {
  const config: Json = parse(readFileSync(kubeconfig, 'utf8'));
  const chosen = config.contexts.find(({ name }: Json) => name === context);
  return stringify({
    ...config,
    'current-context': 'guest',
    contexts: [{ name: 'guest', context: { cluster: chosen.context.cluster, user: 'guest' } }],
    users: [{ name: 'guest', user: { token } }],
  });
}

function workspace({ name, kubeconfig }: Guest): Bench {
  const bench = openFolder();
  const write = (path: string, content: string) => writeFileSync(join(bench.folder, path), content);
  write('kubeconfig', kubeconfig);
  write('secret', 's3cret');
  write(
    'rehome.yaml',
    `conventions:
  image: "test/box:{version}"
  port: 8080
  health: { path: /health, interval: 1s }
  rollout: { deadline: 60s }
environments:
  test:
    stage: test
    domain: test.example.org
    homes:
      k8s:
        platform: kubernetes
        kubeconfig: kubeconfig
        namespace: ${name}
        ingress: { class: nginx }
        min_ready: 1s
        drain: 1s
`,
  );
  mkdirSync(join(bench.folder, 'services'));
  write(
    'services/guest.yml',
    `application:
  app_name: guest
  test: { cpu: 0.01, mem: 64, instances: 2 }
  env: { TOKEN: "file:secret" }
  command: "{{ 'exit 3' if version == '2.0.0' else '${boxCommand}' }}"
  expose: { path: /guest }
  migration: echo migrated
  crons: [{ name: guest-tick, every: 30m, command: echo tick }]
`,
  );
  return bench;
}
