import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsCluster } from './test-cluster.ts';

test('a file wants a cluster if its imports lead to the door, by whatever way', () => {
  assert.equal(wantsCluster('test/support/kubernetes.ts'), true);
  assert.equal(wantsCluster('test/lab/kubernetes/cluster.test.ts'), true);
  assert.equal(wantsCluster('test/lab/kubernetes/state.test.ts'), false);
  assert.equal(wantsCluster('src/model/failure.ts'), false);
});
