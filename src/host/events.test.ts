import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Failure, isFailure } from '../model/failure.ts';
import { realEvents } from './events.ts';
import type { ServerEvent } from './host.ts';
import { serverEvents } from './sse.ts';

test('events arrive whole however the text is cut and whatever ends the lines', () => {
  const event = fc.record(
    { event: fc.constantFrom('a', 'b_c', 'message'), data: fc.stringMatching(/^[ -~]+(\n[ -~]+)?$/) },
    { noNullPrototype: true },
  );
  const property = fc.property(
    fc.array(event),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.nat(),
    (sent, end, seed) => {
      const text = sent.map((event) => frame(event, end)).join(`: still here${end}`);
      const parse = serverEvents();
      const got = pieces(`${text}${end}`, seed).flatMap((piece) => parse(piece));
      assert.deepEqual(got, sent);
    },
  );
  fc.assert(property);
});

function frame({ event, data }: ServerEvent, end: string): string {
  const lines = data.split('\n').map((line) => `data: ${line}${end}`);
  return `event: ${event}${end}${lines.join('')}${end}`;
}

function pieces(text: string, seed: number): string[] {
  const size = (seed % 7) + 1;
  return Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
    text.slice(n * size, (n + 1) * size),
  );
}

test('a stream is opened, redirected, read and left', async () => {
  let left: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = createServer((request, response) => {
    if (request.url === '/old') return response.writeHead(307, { location: '/new' }).end();
    if (request.url === '/none') return response.writeHead(405).end();
    assert.equal(request.headers.accept, 'text/event-stream');
    response.on('close', left);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    response.write('event: x\r\ndata: {}\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    let opened = 0;
    const got: (ServerEvent | Failure)[] = [];
    for await (const event of realEvents({ url: `${url}/old`, onOpen: () => opened++ })) {
      got.push(event);
      break;
    }
    assert.deepEqual(got, [{ event: 'x', data: '{}' }]);
    assert.equal(opened, 1);
    await closed;
    for await (const event of realEvents({ url: `${url}/none` })) {
      assert(isFailure(event) && event.code === 'refused' && event.found === 'HTTP 405');
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a stream that is cut ends with a failure, one that is aborted just ends', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200);
    response.write('data: 1\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const stop = new AbortController();
    const quiet: unknown[] = [];
    for await (const event of realEvents({ url, signal: stop.signal })) {
      quiet.push(event);
      stop.abort();
    }
    assert.equal(quiet.length, 1);
    const cut: (ServerEvent | Failure)[] = [];
    for await (const event of realEvents({ url })) {
      cut.push(event);
      if (!isFailure(event)) server.closeAllConnections();
    }
    const last = cut.at(-1);
    assert(isFailure(last) && last.code === 'unreachable');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
