import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, lastManager, lost } from './differences.ts';

const object = (body: object) => ({ kind: 'Deployment', id: 'hcn-deployment', body: { ...body } });

test('differences are paths; secrets are taken on trust', () => {
  const secret = { kind: 'Secret', ref: 'env:TOKEN', digest: true };
  const wanted = object({
    spec: { replicas: 2, paused: undefined, list: [{ image: 'a' }, { image: 'b' }], digest: secret },
  });
  const live = object({ spec: { replicas: 3, list: [{ image: 'a' }, { image: 'c' }], digest: 'k7qd' } });
  assert.deepEqual(differences(wanted, live), ['spec.replicas', 'spec.list[1].image']);
  assert.deepEqual(differences(wanted, object({ spec: { ...live.body, replicas: 2 } })), [
    'spec.list',
    'spec.digest',
    'spec.spec',
  ]);
  assert.deepEqual(differences(wanted, { ...wanted }), []);
});

test('what admission makes of our own fields is no meddling, what others take over is', () => {
  const wanted = object({ spec: { replicas: 2, image: 'a', list: [{ name: 'x' }] } });
  assert.deepEqual(
    lost(wanted, object({ spec: { replicas: 2, image: 'mirror/a', list: [{ name: 'x' }] } })),
    [],
  );
  assert.deepEqual(lost(wanted, object({ spec: { image: 'a', list: [] } })), ['spec.replicas', 'spec.list']);
});

test('who wrote last is neither rehome nor a controller that writes what is', () => {
  const entry = (manager: string, time: string, subresource?: string) => ({ manager, time, subresource });
  const live = (...managedFields: object[]) => ({ metadata: { managedFields } });
  assert.equal(
    lastManager(
      live(
        entry('rehome', '2026-01-01T10:00:09Z'),
        entry('kubectl-edit', '2026-01-01T10:00:05Z'),
        entry('kubectl-create', '2026-01-01T10:00:01Z'),
        entry('kube-controller-manager', '2026-01-01T10:00:08Z'),
        entry('kubelet', '2026-01-01T10:00:09Z', 'status'),
        entry('kube-controller-manager', '2026-01-01T10:00:09Z', 'status'),
      ),
    ),
    'kubectl-edit',
  );
  assert.equal(lastManager(live(entry('hpa', '2026-01-01T10:00:02Z', 'scale'))), 'hpa');
  assert.equal(lastManager(live(entry('rehome', '2026-01-01T10:00:09Z'))), undefined);
});
