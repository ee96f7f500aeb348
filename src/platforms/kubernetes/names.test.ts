import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelValue, serviceComponent } from './compile/labels.ts';
import { cronName, deploymentName, ingressName, plain, podsName, serviceName } from './names.ts';

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.stringMatching(/^[a-zA-Z0-9._/-]{1,70}$/),
  fc.constantFrom('/a/b-c', '/a-b/c', 'A_b', 'a-b', 'a.b', '1a', '-', '', 'ACCOUNT_SYNC_CUSTOMERS_TO_XXX'),
);

test('a name that fits is itself', () => {
  for (const name of ['hcn', 'sync-customers', 'a1', 'a'.repeat(52)]) assert.equal(plain(name), name);
  assert.equal(deploymentName('hcn'), 'hcn-deployment');
});

test('property: every name fits, and two never become one', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      for (const name of [plain(a), cronName(a), serviceName(a, b)]) {
        assert.match(name, /^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/);
      }
      for (const name of [deploymentName(a, b), podsName(a), ingressName(a)]) {
        assert.match(name, /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
      }
      if (a !== b) assert.notEqual(plain(a), plain(b));
    }),
    { numRuns: 2_000 },
  );
});

test('property: every version makes a label, and two versions two', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      assert.match(labelValue(a), /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/);
      if (a !== b) assert.notEqual(labelValue(a), labelValue(b));
    }),
    { numRuns: 2_000 },
  );
  assert.equal(labelValue('1.0.0-rc.1'), '1.0.0-rc.1');
});

test('no service is taken for a task or for the way to the edge', () => {
  for (const name of ['job', 'edge']) assert.notEqual(serviceComponent(name), name);
});
