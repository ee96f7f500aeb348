import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { json, type Reply, type Request, text } from './message.ts';
import { type Listening, type ServeOptions, serve } from './server.ts';

async function start(context: TestContext, options: ServeOptions): Promise<Listening> {
  const server = await serve(options);
  context.after(() => server.close());
  return server;
}

const echo = ({ method, path, query, body }: Request): Reply =>
  json(200, { method, path, query: [...query], body });

test('a handler sees method, path, query and body', async (context) => {
  const { url } = await start(context, { handle: echo });
  const answer = await fetch(`${url}/a%20b/c?x=1&x=2`, { method: 'POST', body: '{"ü":1}' });
  assert.deepEqual(await answer.json(), {
    method: 'POST',
    path: '/a b/c',
    query: [
      ['x', '1'],
      ['x', '2'],
    ],
    body: '{"ü":1}',
  });
});

test('a body over the limit is refused with 413, announced or not', async (context) => {
  const { url } = await start(context, { handle: echo, bodyLimit: 10 });
  const announced = await fetch(url, { method: 'POST', body: 'x'.repeat(11) });
  assert.equal(announced.status, 413);
  const chunks = new ReadableStream({
    start(controller) {
      for (let n = 0; n < 20; n++) controller.enqueue(new TextEncoder().encode('x'));
      controller.close();
    },
  });
  const streamed = await fetch(url, { method: 'POST', body: chunks, duplex: 'half' } as RequestInit);
  assert.equal(streamed.status, 413);
  assert.equal((await fetch(url, { method: 'POST', body: 'x'.repeat(10) })).status, 200);
});

test('a Host header of another machine is refused, a given name is not', async (context) => {
  const { port } = await start(context, { handle: echo, names: ['lab.internal'] });
  const status = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      send({ port, host: '127.0.0.1', headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  assert.equal(await status('evil.example'), 403);
  assert.equal(await status('lab.internal'), 200);
  assert.equal(await status(`localhost:${port}`), 200);
});

test('what a handler throws is answered with 500 and told', async (context) => {
  const bugs: unknown[] = [];
  const { url } = await start(context, {
    handle: () => {
      throw new Error('broken');
    },
    onBug: (error) => bugs.push(error),
  });
  const answer = await fetch(url);
  assert.equal(answer.status, 500);
  assert.deepEqual(await answer.json(), { message: 'broken' });
  assert.equal(bugs.length, 1);
});

test('a badly encoded path is refused with 400', async (context) => {
  const { port } = await start(context, { handle: echo });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  assert.match(first.toString(), /^HTTP\/1\.1 400 /);
});

test('a stream is sent piece by piece and tells when its reader has gone', async (context) => {
  let gone: Promise<unknown> = Promise.resolve();
  const { url } = await start(context, {
    handle: () => ({
      status: 200,
      stream(stream) {
        stream.send('one\n');
        gone = once(stream.closed, 'abort');
      },
    }),
  });
  const stop = new AbortController();
  const answer = await fetch(url, { signal: stop.signal });
  const piece = await answer.body?.getReader().read();
  assert.equal(new TextDecoder().decode(piece?.value), 'one\n');
  stop.abort();
  await gone;
});

test('closing ends open streams and lets the port go', async () => {
  const server = await serve({ handle: () => ({ status: 200, stream: (stream) => void stream.send('x') }) });
  const answer = await fetch(server.url);
  const reader = answer.body?.getReader();
  await reader?.read();
  await server.close();
  await assert.rejects(async () => {
    for (;;) if ((await reader?.read())?.done !== false) throw new Error('ended');
  });
  const again = await serve({ port: server.port, handle: () => text(200, 'ok') });
  assert.equal(await (await fetch(again.url)).text(), 'ok');
  await again.close();
});
