import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type Failure, isFailure } from '../model/failure.ts';
import { realLines } from './text-lines.ts';

async function serve(handler: RequestListener) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, server, [Symbol.asyncDispose]: stop };
}

async function all(lines: AsyncIterable<string | Failure>): Promise<(string | Failure)[]> {
  const all: (string | Failure)[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

test('lines come as they are written, whole, the last one without an end too', async () => {
  let left: () => void = () => {};
  await using server = await serve((_, response) => {
    const text = Buffer.from('eins\nzwölf\n');
    response.write(text.subarray(0, 7));
    left = () => response.end(Buffer.concat([text.subarray(7), Buffer.from('last')]));
  });
  const got: unknown[] = [];
  let opened = 0;
  for await (const line of realLines({ url: server.url, onOpen: () => opened++ })) {
    got.push(line);
    if (got.length === 1) left();
  }
  assert.deepEqual([got, opened], [['eins', 'zwölf', 'last'], 1]);
});

test('any other answer than 200 is a failure with what it says', async () => {
  await using server = await serve((request, response) => {
    response.writeHead(request.url === '/broken' ? 500 : 404).end('{"reason":"NotFound"}');
  });
  const [absent] = await all(realLines({ url: server.url }));
  assert(isFailure(absent) && absent.code === 'refused');
  assert.deepEqual([absent.found, absent.details], ['HTTP 404', '{"reason":"NotFound"}']);
  const [broken] = await all(realLines({ url: `${server.url}/broken` }));
  assert(isFailure(broken) && broken.code === 'server-error');
});

test('a cut ends it with a failure, an abort and a reader who leaves do not', async () => {
  let closed: () => void = () => {};
  await using server = await serve((_, response) => {
    response.on('close', () => closed());
    response.write('one\n');
  });
  const stop = new AbortController();
  const quiet: unknown[] = [];
  for await (const line of realLines({ url: server.url, signal: stop.signal })) {
    quiet.push(line);
    stop.abort();
  }
  assert.deepEqual(quiet, ['one']);
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  for await (const _ of realLines({ url: server.url })) break;
  await gone;
  const cut: (string | Failure)[] = [];
  for await (const line of realLines({ url: server.url })) {
    cut.push(line);
    server.server.closeAllConnections();
  }
  const last = cut.at(-1);
  assert(isFailure(last) && last.code === 'unreachable');
});
