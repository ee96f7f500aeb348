import { channel } from 'node:diagnostics_channel';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isFailure } from '../../src/model/failure.ts';
import { openRehome } from '../../src/rehome.ts';
import type { Figure } from './bench.ts';
import type { Place } from './kubernetes-place.ts';
import { peakMemory } from './peak-memory.ts';

const rehome = resolve(import.meta.dirname, '../../bin/rehome');
const services = 40;

/** `status` of 40 services in a home: how many requests, and how big the program gets. */
export async function statusSpeed(place: Place): Promise<Figure[]> {
  const root = workspace(place, await place.namespace());
  try {
    const operations = await openRehome({ cwd: root, print: () => {}, self: [rehome] });
    if (isFailure(operations)) throw new Error(operations.message);
    const apps = Array.from({ length: services }, (_, n) => ({ app: `app${n}`, version: '1.0.0' }));
    for (const target of apps) {
      const request = { ...target, where: 'bench', skip: [], lockWaitMs: 0, detach: false };
      const deployment = await operations.deploy(request, () => {}, new AbortController().signal);
      if (isFailure(deployment) || deployment.status !== 'done') throw new Error(JSON.stringify(deployment));
    }
    const requests = await counted(() => operations.status({}));
    operations.close();
    return [await memory(root), requestsFigure(requests)];
  } finally {
    rmSync(root, { recursive: true });
  }
}

function requestsFigure(value: number): Figure {
  const details = 'a list of each kind, whatever the number of services';
  return {
    name: 'Kubernetes: requests of status, 40 services',
    value,
    unit: '',
    limit: '8',
    ok: value <= 8,
    details,
  };
}

async function counted(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const add = () => {
    count++;
  };
  channel('http.client.request.start').subscribe(add);
  const status = await run();
  channel('http.client.request.start').unsubscribe(add);
  if (isFailure(status)) throw new Error(status.message);
  return count;
}

/** The most memory that `rehome status` held, as the kernel counts it. */
async function memory(root: string): Promise<Figure> {
  const { mib: value, code } = await peakMemory(rehome, ['status', '-e', 'bench', '--json'], root);
  if (code !== 0) throw new Error(`status ended with ${code}`);
  const details = 'VmHWM of rehome status';
  return {
    name: 'Kubernetes: memory of status, 40 services',
    value,
    unit: 'MiB',
    limit: '200 MB',
    ok: value * 1.048576 < 200,
    details,
  };
}

/** Deployments of no replicas at all: what is measured are requests. */
function workspace({ kubeconfig, context }: Place, namespace: string): string {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  const home = { platform: 'kubernetes', kubeconfig, context, namespace, ingress: { class: 'nginx' } };
  writeFileSync(
    join(root, 'rehome.yaml'),
    JSON.stringify({
      conventions: { image: 'anna-repo/{app}:{version}', command: 'python /app/{app}/main.py', port: 8080 },
      environments: { bench: { stage: 'test', domain: 'bench.example', homes: { k8s: home } } },
    }),
  );
  mkdirSync(join(root, 'services'));
  for (let n = 0; n < services; n++) {
    const application = {
      app_name: `app${n}`,
      test: { cpu: 0.1, mem: 64, instances: 0 },
      expose: { path: '/api' },
      crons: [{ name: `app${n}-sync`, every: '30m', command: 'python sync.py' }],
    };
    writeFileSync(join(root, `services/app${n}.yml`), JSON.stringify({ application }));
  }
  return root;
}
