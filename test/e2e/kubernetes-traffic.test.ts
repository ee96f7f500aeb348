import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startLoad } from '../load/start.ts';
import { type Bench, openFolder, project } from './harness.ts';
import { edit, loadCatalogue, openSpace, type Space, skip } from './kubernetes.ts';

/**
 * The seed's own command leaves a shell as the first process. Callers on kept connections learn of the end from the
 * service itself, which has to be told: `forward_term`.
 *
 * Requests a second, on raw sockets without retries, straight at the node: no edge is in between.
 */
const rate = 300;

describe('under load on its NodePort', { skip }, () => {
  for (const mode of ['keep-alive', 'close'] as const) {
    test(`hcn is upgraded, breaks and goes back, and no request is lost (${mode})`, async (t) => {
      const space = openSpace(t, { service: 'NodePort', drain: '3s', forward_term: mode === 'keep-alive' });
      await using bench = await openBank(space);
      await bench.runs(0, 'deploy', 'hcn:1.0.0', '-e', 'test.k8s');
      const [service] = await space.list('v1/services');
      const port = service.spec.ports[0].nodePort;
      const load = startLoad({ host: '127.0.0.1', port, path: '/version', rate, mode, methods: ['GET'] });
      const work = async () => {
        await bench.runs(0, 'deploy', 'hcn:1.1.0', '-e', 'test');
        await bench.runs(4, 'deploy', 'hcn:9.9.9', '-e', 'test');
        await bench.runs(0, 'rollback', 'hcn', '-e', 'test');
      };
      const outcome = await work().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const counts = await load.stop();
      if (outcome) throw outcome.error;
      const shown = JSON.stringify(counts, null, 1);
      assert.equal(counts.failed, 0, shown);
      assert.ok(counts.rate.achieved >= rate * 0.8, shown);
    });
  }
});

async function openBank(space: Space): Promise<Bench> {
  const bench = openFolder(join(project, 'examples/bank'));
  const file = readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8');
  edit(bench.folder, file, {
    'conventions.limits': 'hard',
    'conventions.env.BANK_DATA': join(space.shared, '{env}'),
    // One at a time: a small machine has no room for all twice.
    'conventions.rollout': { min_healthy: 1, max_over: 0.5, deadline: '60s' },
    'conventions.migration': undefined,
    'environments.test.homes': { k8s: space.home },
  });
  await loadCatalogue(bench.folder, { 'anna-repo/{app}:{version}': 'images/{app}/{version}' });
  return bench;
}
