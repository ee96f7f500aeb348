import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, until } from './harness.ts';
import { edit, isOurs, kinds, loadImages, openSpace, type Space, skip } from './kubernetes.ts';

/** The seed's hcn on a real cluster, as the conference deck has it: limits are hard there. */
describe('the seed on Kubernetes', { skip }, () => {
  test('./deploy-k8s-app.sh -e test hcn:1.0.0, and all that follows from it', async (t) => {
    const space = openSpace(t);
    await using bench = await seedWorkspace(space);
    const deployed = await bench.script('deploy-k8s-app.sh', '-e', 'test', 'hcn:1.0.0');
    assert.equal(deployed.code, 0, deployed.stdout + deployed.stderr);
    await isTheSeeds(space);
    await pythonRuns(space);

    assert.deepEqual((await bench.json('plan', 'hcn:1.0.0', '-e', 'test.k8s')).changes, []);
    const before = await versionsOf(space);
    await bench.runs(0, 'deploy', 'hcn:1.0.0', '-e', 'test');
    assert.deepEqual(await versionsOf(space), before, 'a second deploy writes nothing');

    const pods = await podsOf(space);
    const broken = await bench.json('deploy', 'hcn:9.9.9', '-e', 'test');
    assert.equal(broken.status, 'rolled-back');
    assert.match(JSON.stringify(broken), /image/);
    assert.deepEqual(await podsOf(space), pods, 'the old pods served throughout');
    assert.deepEqual((await bench.json('plan', 'hcn:1.0.0', '-e', 'test')).changes, []);
  });

  test('what was never there leaves nothing behind', async (t) => {
    const space = openSpace(t);
    await using bench = await seedWorkspace(space);
    await bench.runs(4, 'deploy', 'hcn:9.9.9', '-e', 'test.k8s');
    for (const kind of kinds) assert.deepEqual((await space.list(kind)).filter(isOurs).map(nameOf), [], kind);
    await until('its pods are gone', async () => ((await podsOf(space)).length === 0 ? true : undefined));
  });
});

async function isTheSeeds({ list }: Space): Promise<void> {
  const [deployment, ...others] = await list('apps/v1/deployments');
  assert.deepEqual([nameOf(deployment), others.length], ['hcn-deployment', 0]);
  assert.equal(deployment.spec.replicas, 2);
  const [container] = deployment.spec.template.spec.containers;
  const { name, image, command, args, resources } = container;
  assert.deepEqual(
    { name, image, command, args },
    {
      name: 'hcn',
      image: 'anna-repo/hcn:1.0.0',
      command: ['/bin/sh'],
      args: ['-c', 'python /app/hcn/main.py'],
    },
  );
  // "512.0Mi" of the deck and 512Mi are one quantity.
  assert.deepEqual(resources, {
    limits: { cpu: '500m', memory: '512Mi' },
    requests: { cpu: '500m', memory: '512Mi' },
  });
  const env = Object.fromEntries(container.env.map((one: Json) => [one.name, one.value]));
  assert.equal(env.LOGSTASH_TAG, 'hcn-test');
  assert.deepEqual((await list('v1/services')).map(nameOf), ['hcn']);
}

/** Asked where it listens, not where somebody says so. */
async function pythonRuns({ list }: Space): Promise<void> {
  const pods = await list('v1/pods');
  const running = pods.filter(({ status }) => status.phase === 'Running');
  assert.equal(running.length, 2);
  for (const { status } of running) {
    const answer = await fetch(`http://${status.podIP}:8080/version`);
    assert.match(await answer.text(), /1\.0\.0/);
  }
}

async function versionsOf({ list }: Space): Promise<Json> {
  const objects = await Promise.all([...kinds, 'v1/configmaps'].map(list));
  return objects.flat().map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
}

async function podsOf({ list }: Space): Promise<readonly string[]> {
  const pods = await list('v1/pods');
  return pods.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.uid);
}

function nameOf({ metadata }: Json): string {
  return metadata.name;
}

/** A new workspace with the seed's own manifest. */
async function seedWorkspace(space: Space): Promise<Bench> {
  const bench = openFolder();
  await bench.runs(0, 'init', '.');
  const file = readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8');
  edit(bench.folder, file, {
    'conventions.limits': 'hard',
    'conventions.rollout': { deadline: '15s' },
    'environments.test.homes.k8s': space.home,
  });
  cpSync(join(project, 'test/fixtures/seed/hcn.yml'), join(bench.folder, 'services/hcn.yml'));
  const folder = join(bench.folder, 'images/python');
  mkdirSync(join(folder, 'hcn'), { recursive: true });
  writeFileSync(join(folder, 'hcn/main.py'), mainPy);
  await loadImages([{ name: 'anna-repo/hcn:1.0.0', folder }]);
  return bench;
}

const mainPy = `import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Hcn(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hcn 1.0.0")

HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Hcn).serve_forever()
`;
