import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openNamespace, type TestNamespace, testCluster } from '../../support/kubernetes.ts';
import { openApi } from './api.ts';
import { loadFolderAs } from './images.ts';

const cluster = testCluster();
const skip =
  'reason' in cluster
    ? cluster.reason
    : process.env['REHOME_TEST_KUBECONFIG'] !== undefined &&
      'the cluster of REHOME_TEST_KUBECONFIG is not the lab';

test('a pod of the lab has its image, names, services, the shared folder, and its log', {
  skip,
}, async (t) => {
  assert(!('reason' in cluster) && cluster.shared !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'rehome-image-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'server.mjs'), server);
  writeFileSync(join(folder, 'probe.sh'), probe);
  await loadFolderAs('lab/probe:1', folder);
  const space = await openNamespace(t, cluster);

  const note = join(cluster.shared, space.name);
  t.after(() => rmSync(note, { force: true }));
  await create(space, 'services', service);
  await create(space, 'pods', pod('web', `exec ${process.execPath} server.mjs`, note));
  await until('the server is ready', async () => isReady(await get(space, 'pods/web')));
  const { spec } = (await get(space, 'services/web')) as { spec: { ports: readonly { nodePort: number }[] } };
  const url = `http://127.0.0.1:${spec.ports[0]?.nodePort}/`;
  await until('the port of the node answers', async () => (await (await fetch(url)).text()) === 'web');

  await create(space, 'pods', pod('probe', 'sh probe.sh', note));
  await until('the probe is done', async () => phase(await get(space, 'pods/probe')) === 'Succeeded');
  const log = (await space.api.ask('GET', `/api/v1/namespaces/${space.name}/pods/probe/log`)).body;
  assert.equal(log, 'python ok\nweb\n403\n');
  assert(existsSync(note));
  assert.equal(readFileSync(note, 'utf8'), 'here\nthere\n');
});

test('the token of the kubeconfig does as well as its certificate, and nobody else does', {
  skip,
}, async () => {
  assert(!('reason' in cluster));
  for (const [context, status] of Object.entries({ lab: 200, token: 200 })) {
    const api = openApi(cluster.kubeconfig, context);
    assert.equal((await api.ask('GET', '/api/v1/nodes')).status, status);
    api.close();
  }
  // this machine's Node does not know the lab's authority
  await assert.rejects(fetch(`${openApi(cluster.kubeconfig).server}/readyz`));
});

const server = `import { createServer } from 'node:http';
createServer((_, response) => response.end('web')).listen(8080, process.env.HOST);
process.on('SIGTERM', () => process.exit(0));
`;

/** What a container finds: an interpreter, names, a service by its name, the API, and the folder by both paths. */
const probe = `set -eu
python -c 'import json, sqlite3, ssl; print("python ok")'
sleep 0.1
until curl -sf http://web/ ; do sleep 0.1; done
echo
token=/var/run/secrets/kubernetes.io/serviceaccount
curl -s --cacert $token/ca.crt -H "Authorization: Bearer $(cat $token/token)" -o /dev/null -w '%{http_code}\\n' https://kubernetes.default.svc/api/v1/nodes
echo here >> "$NOTE"
echo there >> "/data/$(basename "$NOTE")"
`;

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};

function pod(name: string, command: string, note: string) {
  const container = {
    name,
    image: 'lab/probe:1',
    imagePullPolicy: 'Never',
    command: ['/bin/sh', '-c', command],
    env: [{ name: 'NOTE', value: note }],
    ...(name === 'web' ? { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 } } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [container] },
  };
}

async function create({ api, name }: TestNamespace, plural: string, object: unknown): Promise<void> {
  const { status, body } = await api.ask('POST', `/api/v1/namespaces/${name}/${plural}`, object);
  assert.equal(status, 201, JSON.stringify(body));
}

async function get({ api, name }: TestNamespace, path: string): Promise<unknown> {
  return (await api.ask('GET', `/api/v1/namespaces/${name}/${path}`)).body;
}

interface Pod {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { type: string; status: string }[];
  };
}

function phase(found: unknown): string | undefined {
  return (found as Pod).status?.phase;
}

function isReady(found: unknown): boolean {
  const { conditions = [] } = (found as Pod).status ?? {};
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await look().catch(() => false))) {
    assert(Date.now() < deadline, `waited in vain: ${what}`);
    await sleep(50);
  }
}
