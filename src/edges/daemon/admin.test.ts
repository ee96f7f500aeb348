import assert from 'node:assert/strict';
import * as http from 'node:http';
import { after, before, test } from 'node:test';
import { startEmbedded } from '../../../test/suites/edge/embedded.ts';
import { freePort } from '../../../test/suites/edge/free-port.ts';
import { good } from '../../../test/suites/edge/under-test.ts';
import type { WorkspaceEdge } from '../../../test/suites/edge/workspace-edge.ts';

let under: WorkspaceEdge;
before(async () => {
  under = await startEmbedded();
});
after(() => under?.stop());

interface Attack {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const front = '/v1/fronts/test1/hcn';
const json = { 'content-type': 'application/json' };
const wellFormed = async () =>
  JSON.stringify({
    address: { host: '127.0.0.1', port: await freePort() },
    shares: { mesos: 100 },
    backends: {},
  });

test('nonsense is answered with 400, in words, and changes nothing', async () => {
  const body = JSON.parse(await wellFormed());
  const put = (value: unknown): Attack => ({ method: 'PUT', path: front, body: JSON.stringify(value) });
  const attacks: readonly Attack[] = [
    { path: '/' },
    { path: '/v1/status?x' },
    { path: '/v1/fronts' },
    { path: '/v1/fronts/test1/hcn/shares/more' },
    { path: '/v1/fronts/test1/%2e%2e/shares' },
    { path: '/v1/fronts//hcn/shares' },
    { path: '/v1/fronts/test1/__proto__/shares' },
    { path: '/v1/fronts/test1/hcn/constructor' },
    { path: `/v1/fronts/test1/${'x'.repeat(5_000)}/shares` },
    { method: 'PATCH', path: front },
    { method: 'PUT', path: front, body: '' },
    { method: 'PUT', path: front, body: '{' },
    { method: 'PUT', path: front, body: '[1,2]' },
    { method: 'PUT', path: front, body: '"front"' },
    { method: 'PUT', path: front, body: '{"__proto__": {"address": {}}}' },
    put({ ...body, more: 1 }),
    put({ ...body, address: { host: '0.0.0.0', port: 20 } }),
    put({ ...body, address: { host: '127.0.0.1', port: 0 } }),
    put({ ...body, address: { host: '127.0.0.1', port: 65_536 } }),
    put({ ...body, address: { host: '127.0.0.1', port: '8080' } }),
    put({ ...body, shares: { mesos: 99 } }),
    put({ ...body, shares: { mesos: 200, k8s: -100 } }),
    put({ ...body, shares: { '../etc': 100 } }),
    put({ ...body, backends: { mesos: [{ id: 'x', host: 'a b', port: 1 }] } }),
    put({ ...body, backends: { mesos: [{ id: 'x', host: '127.0.0.1\r\nX: y', port: 1 }] } }),
    { method: 'PUT', path: `${front}/drain`, body: '{"backend":{},"atMostMs":1e99}' },
    { method: 'PUT', path: front, body: `{"x":"${'y'.repeat(2 * 1024 * 1024)}"}` },
  ];
  for (const attack of attacks) {
    const { status, text } = await send(attack);
    assert.equal(status, 400, `${attack.method} ${attack.path} ${attack.body?.slice(0, 80)}: ${text}`);
    const { error } = JSON.parse(text);
    assert.ok(error.message.length > 10 && !/\n +at /.test(text), text);
  }
  assert.deepEqual(JSON.parse((await send({ path: '/v1/status' })).text).fronts, []);
});

test('a web page cannot steer the edge, under whatever name it comes', async () => {
  const body = await wellFormed();
  const put = { method: 'PUT', path: front, body };
  assert.equal((await send({ ...put, headers: { ...json, host: 'evil.test' } })).status, 403);
  assert.equal((await send({ ...put, headers: { ...json, origin: 'http://evil.test' } })).status, 403);
  assert.equal((await send({ ...put, headers: { 'content-type': 'text/plain' } })).status, 400);
  assert.equal((await send({ path: '/v1/status', headers: { host: 'evil.test:1' } })).status, 403);
});

test('a caller that leaves in the middle of its request, or floods, does no harm', async () => {
  const url = new URL(under.status().admin);
  const half = http.request({
    host: url.hostname,
    port: url.port,
    method: 'PUT',
    path: front,
    headers: { ...json, 'content-length': '1000' },
  });
  half.on('error', () => {});
  half.write('{"addr');
  await new Promise((resolve) => setImmediate(resolve));
  half.destroy();
  const flood = await Promise.all(Array.from({ length: 200 }, () => send({ path: '/v1/status' })));
  assert.ok(flood.every(({ status }) => status === 200));
});

test('the same front from many callers at once is one front', async () => {
  const address = under.address();
  const wanted = { app: 'same', address, shares: { mesos: 100 }, backends: {} };
  const results = await Promise.all(Array.from({ length: 20 }, () => under.edge.reconcile(wanted)));
  for (const result of results) good(result);
  assert.deepEqual(await under.edge.getShare('same'), { mesos: 100 });
});

function send({
  method = 'GET',
  path = '/',
  headers = json,
  body,
}: Attack): Promise<{ status: number; text: string }> {
  const url = new URL(under.status().admin);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const request = http.request({ host: url.hostname, port: url.port, method, path, headers, agent: false });
  request.on('error', reject);
  request.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  });
  request.end(body);
  return promise;
}
