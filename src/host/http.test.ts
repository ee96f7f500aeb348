import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { realRequest } from './http.ts';

async function serve(handler: RequestListener): Promise<{ url: string; server: Server } & AsyncDisposable> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: stop };
}

test('any status is an answer, with its headers and body', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(409, { 'X-Leader': 'a' }).end('bußy');
  });
  const answer = await realRequest({ url: server.url });
  assert(!isFailure(answer));
  assert.equal(answer.status, 409);
  assert.equal(answer.headers['x-leader'], 'a');
  assert.equal(answer.body, 'bußy');
});

test('json is sent with its type and length', async () => {
  await using server = await serve(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(`${request.method} ${request.headers['content-type']} ${text}`);
  });
  const answer = await realRequest({ url: server.url, method: 'POST', json: { a: 'ü' } });
  assert(!isFailure(answer));
  assert.equal(answer.body, 'POST application/json {"a":"ü"}');
});

test('a cut answer is asked for again where that is safe, and only there', async () => {
  let asked = 0;
  await using server = await serve((_, response) => {
    asked++;
    if (asked % 2 === 0) return response.end('whole');
    response.writeHead(200, { 'content-length': '100' });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  const read = await realRequest({ url: server.url });
  assert(!isFailure(read));
  assert.equal(read.body, 'whole');
  assert.equal(asked, 2);
  const written = await realRequest({ url: server.url, method: 'POST' });
  assert(isFailure(written));
  assert.equal(written.code, 'unreachable');
  assert.match(written.message, /Whether the request was carried out is not known/);
  assert.equal(asked, 3);
});

test('reads share connections, a POST gets its own', async () => {
  const ports = new Set<number | undefined>();
  await using server = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end();
  });
  await realRequest({ url: server.url });
  await realRequest({ url: server.url });
  assert.equal(ports.size, 1);
  await realRequest({ url: server.url, method: 'POST' });
  assert.equal(ports.size, 2);
});

test('nobody there, no answer in time, and an interruption are told apart', async () => {
  await using server = await serve(() => {});
  const slow = await realRequest({ url: server.url, timeoutMs: 50 });
  assert(isFailure(slow) && slow.code === 'unreachable');
  assert.match(slow.message, /did not answer within 0.05 s/);

  const stop = new AbortController();
  server.server.once('request', () => stop.abort());
  const interrupted = await realRequest({ url: server.url, signal: stop.signal });
  assert(isFailure(interrupted) && interrupted.code === 'interrupted');

  const gone = await serve(() => {});
  await gone[Symbol.asyncDispose]();
  const nobody = await realRequest({ url: `${gone.url}/v2/apps?x=1`, retries: 0 });
  assert(isFailure(nobody) && nobody.code === 'unreachable');
  assert.equal(nobody.message, `Nothing answers at ${gone.url}/v2/apps.`);
});

test('an address that is none is a failure, and credentials in one are never shown', async () => {
  const bad = await realRequest({ url: 'ftp://x' });
  assert(isFailure(bad) && bad.code === 'wrong-value');
  const secret = await realRequest({ url: 'http://me:secret@127.0.0.1:1/x', retries: 0 });
  assert(isFailure(secret));
  assert(!JSON.stringify(secret).includes('secret'));
});

test('a PATCH that may be sent twice uses a kept connection and is tried again', async () => {
  const ports = new Set<number | undefined>();
  let asked = 0;
  await using server = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    if (++asked === 3) return request.socket.destroy();
    response.end('done');
  });
  const patch = { url: server.url, method: 'PATCH', idempotent: true } as const;
  await realRequest(patch);
  await realRequest(patch);
  assert.equal(ports.size, 1);
  const cut = await realRequest(patch);
  assert(!isFailure(cut) && cut.body === 'done');
  assert.equal(asked, 4);
});
