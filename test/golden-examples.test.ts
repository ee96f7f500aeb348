import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dump } from 'js-yaml';
import { isSecret } from '../src/model/app.ts';
import { kindNamed } from '../src/platforms/kubernetes/kinds.ts';
import { kubernetesExamples } from './support/examples.ts';
import { openNamespace, testCluster } from './support/kubernetes.ts';

/** Every example manifest on Kubernetes; `node --test --test-update-snapshots test/golden-examples.test.ts` writes them anew. */
const examples = kubernetesExamples();

for (const { name, compiled } of examples) {
  test(`${name} on kubernetes`, (t) => {
    const text = compiled.objects
      .map(({ body }) => dump(body, { noRefs: true, lineWidth: -1 }))
      .join('---\n');
    t.assert.fileSnapshot(text, join(import.meta.dirname, 'golden/examples', `${name}.yml`), {
      serializers: [String],
    });
  });
}

const cluster = testCluster();

describe('on a real apiserver', { skip: 'reason' in cluster && cluster.reason }, () => {
  test('every object of every example passes strict validation', async (t) => {
    if ('reason' in cluster) return;
    const { name: namespace, api } = await openNamespace(t, cluster);
    for (const { name, compiled } of examples) {
      for (const { kind, id, body } of compiled.objects) {
        const { apiVersion, plural } = kindNamed(kind);
        const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const path = `${root}/namespaces/${namespace}/${plural}/${id}`;
        const query = 'fieldManager=golden&fieldValidation=Strict&dryRun=All';
        const answer = await api.ask(
          'PATCH',
          `${path}?${query}`,
          revealed(body),
          'application/apply-patch+yaml',
        );
        assert.equal(answer.status, 201, `${name}: ${kind} ${id}: ${JSON.stringify(answer.body)}`);
      }
    }
  });
});

/** The values themselves are of no interest here. */
function revealed(body: object): unknown {
  return JSON.parse(JSON.stringify(body, (_key, value: unknown) => (isSecret(value) ? 'secret' : value)));
}
