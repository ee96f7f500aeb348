import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { testFeature } from '../../../test/suites/feature.ts';
import { route } from './index.ts';
import { keys } from './keys.ts';

testFeature(route, { off: { expose: false, haproxy_group: 'external' } });

function contribute(given: Record<string, unknown>, domain?: string) {
  const values = z.strictObject(keys).parse(given) as Parameters<typeof route.contribute>[0]['values'];
  const place = (key: string | number = '') => ({ file: String(key), line: 1, column: 1 });
  const context = {
    app: 'hcn',
    version: '1',
    environment: 'e',
    stage: 's',
    settings: undefined,
    values,
    place,
  };
  return route.contribute({ ...context, ...(domain ? { domain } : {}) });
}

const plain = { kind: 'Route', path: '/', ignoreCase: false, audience: 'external' };

test('the neutral form', () => {
  assert.deepEqual(
    contribute({ expose: { path: ['/a', '/b'], audience: 'internal', host: 'x.org', ignore_case: true } }),
    {
      routes: [
        { ...plain, path: '/a', audience: 'internal', host: 'x.org', ignoreCase: true },
        { ...plain, path: '/b', audience: 'internal', host: 'x.org', ignoreCase: true },
      ],
      notes: [],
    },
  );
  assert.deepEqual(contribute({ expose: {} }, 'test1.example.org')?.routes, [
    { ...plain, host: 'hcn.test1.example.org' },
  ]);
});

test('the form of the load balancer: flags, several paths, several hosts, several ports', () => {
  assert.deepEqual(contribute({ haproxy_group: 'internal', haproxy_0_path: '-i /api /v2' })?.routes, [
    { ...plain, path: '/api', audience: 'internal', ignoreCase: true },
    { ...plain, path: '/v2', audience: 'internal', ignoreCase: true },
  ]);
  assert.deepEqual(contribute({ haproxy_0_vhost: 'a.org, b.org', haproxy_1_path: '/admin' })?.routes, [
    { ...plain, host: 'a.org' },
    { ...plain, host: 'b.org' },
    { ...plain, path: '/admin' },
  ]);
  assert.deepEqual(contribute({ haproxy_group: 'external' })?.routes, [plain]);
});

test('the form of the ingress', () => {
  const given = { ingress: true, ingress_path: '/api', ingress_host: 'x.org', whitelist_enabled: true };
  assert.deepEqual(contribute(given)?.routes, [{ ...plain, path: '/api', host: 'x.org', whitelist: true }]);
  assert.equal(contribute({ ingress: false, ingress_path: '/api' }), undefined);
  assert.equal(contribute({ whitelist_enabled: true }), undefined);
});

test('two forms that agree are silent, two that do not are told apart', () => {
  const agreeing = {
    haproxy_group: 'external',
    haproxy_0_path: '-i /api',
    ingress: true,
    ingress_path: '/api',
  };
  assert.deepEqual(contribute(agreeing)?.notes, []);
  const [note, ...others] = contribute({ ...agreeing, ingress_path: '/apis' })?.notes ?? [];
  assert.equal(note?.id, 'spellings-disagree');
  assert.equal(note?.severity, 'warning');
  assert.equal(note?.place?.file, 'ingress_path');
  assert.match(
    note?.message ?? '',
    /`haproxy_\*` says \/api, `ingress\*` says \/apis; `haproxy_\*` is taken/,
  );
  assert.deepEqual(others, []);
  assert.equal(contribute({ ...agreeing, expose: { path: '/new' } })?.notes?.length, 2);
});

test('what is no path or host is refused', () => {
  const schema = z.strictObject(keys);
  for (const bad of [
    { haproxy_0_path: 'api' },
    { haproxy_0_path: '-x /api' },
    { haproxy_0_path: '/api -i' },
    { ingress_path: 'api' },
    { expose: { path: '/a b' } },
    { expose: { path: [] } },
    { expose: { host: 'a b' } },
    { haproxy_0_vhost: 'a.org b.org' },
    { haproxy_10_path: '/api' },
  ]) {
    assert.equal(schema.safeParse(bad).success, false, JSON.stringify(bad));
  }
});
