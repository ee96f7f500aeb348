import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../model/app.ts';
import { compileHealth, healthNotes, readHealth } from './health.ts';
import { compileRoutes, readRoutes, routeNotes } from './routes.ts';

const route = (more: Partial<Route>): Route => ({
  kind: 'Route',
  path: '/',
  ignoreCase: false,
  audience: 'external',
  ...more,
});
const ids = (routes: readonly Route[]) => routeNotes(routes, 's').map(({ id }) => id);

test('the labels of the seed', () => {
  assert.deepEqual(compileRoutes([route({ path: '/api', ignoreCase: true })]), {
    HAPROXY_GROUP: 'external',
    HAPROXY_0_PATH: '-i /api',
  });
  assert.deepEqual(compileRoutes([route({ host: 'hcn.test1.anna.money' })]), {
    HAPROXY_GROUP: 'external',
    HAPROXY_0_VHOST: 'hcn.test1.anna.money',
  });
  assert.deepEqual(compileRoutes([]), {});
});

test('every host with every path is exact, anything else is told', () => {
  const even = ['a', 'b'].flatMap((host) => ['/x', '/y'].map((path) => route({ host, path })));
  assert.deepEqual(readRoutes(compileRoutes(even)), even);
  assert.deepEqual(ids(even), []);
  assert.deepEqual(ids(even.slice(1)), ['routes-combined']);
  assert.deepEqual(ids([route({ host: 'a' }), route({ host: 'b', audience: 'internal' })]), [
    'routes-combined',
  ]);
  assert.deepEqual(ids([route({ path: '/api' })]), ['path-without-host']);
  assert.deepEqual(ids([route({ host: 'a', whitelist: true })]), ['whitelist-dropped']);
  assert.deepEqual(ids([route({ host: 'a', whitelist: false })]), []);
});

test('Marathon kills at one failure more than its number, and never at none', () => {
  const check = {
    protocol: 'http',
    path: '/health',
    intervalMs: 2_000,
    timeoutMs: 1_500,
    failures: 3,
    graceMs: 30_000,
  } as const;
  const native = compileHealth(check);
  assert.equal(native['maxConsecutiveFailures'], 2);
  assert.equal(native['timeoutSeconds'], 2);
  assert.equal(readHealth(native)?.failures, 3);
  assert.deepEqual(
    healthNotes(check, 's').map(({ id }) => id),
    ['whole-seconds'],
  );
  assert.deepEqual(
    healthNotes({ ...check, timeoutMs: 1_000, failures: 1 }, 's').map(({ id }) => id),
    ['second-failure'],
  );
  assert.equal(readHealth({ protocol: 'COMMAND' }), undefined);
});
