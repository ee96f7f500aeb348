import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../../../model/failure.ts';
import { kinds, others } from '../kinds.ts';
import { type Asked, failureOf, holders } from './status.ts';

const place = { namespace: 'shop', server: 'https://c:6443', context: 'prod' };
const asked: Asked = { verb: 'patch', kind: kinds.Deployment, name: 'x', place };

function told(status: number, body: object, about = asked): Failure {
  return failureOf(about, { status, body: JSON.stringify({ kind: 'Status', ...body }) });
}

test('a permission that is missing names who, what and where', () => {
  const message =
    'deployments.apps "x" is forbidden: User "jane" cannot patch resource "deployments" in API group "apps" in the namespace "shop"';
  const failure = told(403, { message, reason: 'Forbidden', details: { name: 'x' } });
  assert.equal(failure.code, 'forbidden');
  assert.equal(
    failure.message,
    'The cluster at https://c:6443 does not let jane patch deployments in the namespace shop.',
  );
  assert.match(failure.hint ?? '', /kubernetes-role\.yaml/);
});

test('quota and admission speak for themselves', () => {
  const message =
    'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3';
  const failure = told(403, { message, reason: 'Forbidden' });
  assert.equal(failure.code, 'refused');
  assert.match(failure.message, /Deployment x: .*exceeded quota/);
});

test('a namespace that ends or is not there', () => {
  const causes = [{ reason: 'NamespaceTerminating', message: 'namespace shop is being terminated' }];
  assert.equal(told(403, { message: 'no', details: { causes } }).code, 'namespace-ending');
  const absent = told(404, {
    message: 'namespaces "shop" not found',
    details: { name: 'shop', kind: 'namespaces' },
  });
  assert.deepEqual([absent.code, absent.found], ['unknown-namespace', 'shop']);
  assert.match(absent.hint ?? '', /create_namespace/);
});

test('fields that are wrong are told one by one', () => {
  const causes = [
    { reason: 'FieldValueInvalid', message: 'Invalid value: -1', field: 'spec.replicas' },
    { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' },
  ];
  const failure = told(422, { message: 'Deployment.apps "x" is invalid', details: { causes } });
  assert.deepEqual([failure.code, failure.found], ['refused', 'HTTP 422']);
  assert.equal(failure.details, 'spec.replicas: Invalid value: -1\nspec.selector: Required value');
});

test('who holds which fields', () => {
  const cause = (manager: string, field: string) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" with subresource "scale" using apps/v1 at 2026-01-01T00:00:00Z`,
    field,
  });
  const causes = [cause('hpa', '.spec.replicas'), cause('me', '.spec.paused'), cause('me', '.spec.strategy')];
  const body = { message: 'Apply failed', details: { causes } };
  const failure = told(409, body);
  assert.equal(failure.code, 'conflict');
  assert.equal(
    failure.message,
    'Deployment x was not written: hpa manages spec.replicas; me manages spec.paused, spec.strategy.',
  );
  assert.deepEqual(holders(JSON.stringify(body)), ['hpa', 'me', 'me']);
  assert.deepEqual(holders('{"message": "the object has been modified"}'), []);
});

test('every other status has its code, also where the body is no JSON', () => {
  assert.equal(told(401, { message: 'Unauthorized' }).code, 'not-authenticated');
  assert.match(told(401, {}, { ...asked, place: { ...place, context: 'x' } }).message, /context x/);
  assert.equal(told(410, {}).code, 'changes-missed');
  assert.equal(told(429, { message: 'slow' }).code, 'server-error');
  assert.equal(failureOf(asked, { status: 413, body: 'Request entity too large' }).code, 'too-large');
  assert.equal(told(500, { message: 'etcdserver: request is too large' }).code, 'too-large');
  assert.equal(failureOf(asked, { status: 502, body: '<html>' }).code, 'server-error');
  assert.equal(told(400, { message: 'strict decoding error: unknown field "spec.foo"' }).code, 'refused');
  const unknown =
    'failed to create typed patch object (shop/x; apps/v1, Kind=Deployment): .spek: field not declared';
  assert.equal(told(500, { message: unknown }).code, 'refused');
  assert.equal(told(404, { message: 'x' }, { ...asked, kind: others.Pod }).code, 'unsupported');
});
