import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Front } from '../../../src/edges/edge.ts';
import { ask, askEcho, askRaw } from './ask.ts';
import { type Instance, startInstance } from './instance.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, until, urlOf } from './under-test.ts';

/** Requests and answers pass whole and unchanged, and as they come. */
export function testProxying(suite: EdgeSuite): void {
  describe('proxying', () => {
    let under: EdgeUnderTest;
    let instance: Instance;
    let front: Front;
    before(async () => {
      under = await suite.start({});
      instance = await startInstance('one');
      front = await makeFront(under, 'hcn', { mesos: [instance] }, { mesos: 100 });
    });
    after(async () => {
      await instance?.stop();
      await under?.stop();
    });

    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      test(`${method} reaches the instance with path, query and body`, async () => {
        const body = method === 'GET' || method === 'OPTIONS' ? '' : 'grüße';
        const length = String(Buffer.byteLength(body));
        const headers = { 'x-own': 'kept', 'content-length': length };
        const echo = await askEcho(front, { method, path: '/a%20b//c?d=%2F&e', headers, body });
        assert.equal(echo.method, method);
        assert.equal(echo.url, '/a%20b//c?d=%2F&e');
        assert.equal(echo.headers['x-own'], 'kept');
        assert.equal(echo.bytes, Buffer.byteLength(body));
        assert.equal(echo.headers['host'], `${front.address.host}:${front.address.port}`);
      });
    }

    test('an absolute target is passed on as a path', async () => {
      const { text } = await askRaw(
        front,
        'GET http://bank.test/x?y HTTP/1.1\r\nHost: bank.test\r\nConnection: close\r\n\r\n',
      );
      assert.match(text, /"url":"\/x\?y"/);
    });

    test('headers for one hop stay behind, on both ways, and the caller is named', async () => {
      const answer = await ask(front, {
        headers: {
          connection: 'close, x-secret-hop',
          'x-secret-hop': '1',
          'keep-alive': 'timeout=9',
          'proxy-connection': 'keep-alive',
          te: 'gzip',
          'x-forwarded-for': '10.0.0.9',
        },
      });
      const { headers } = JSON.parse(answer.body) as { headers: Record<string, string> };
      for (const name of ['x-secret-hop', 'keep-alive', 'proxy-connection', 'te', 'upgrade'])
        assert.equal(headers[name], undefined, name);
      assert.equal(headers['x-forwarded-for'], '10.0.0.9, 127.0.0.1');
      assert.equal(headers['x-forwarded-proto'], 'http');
      assert.equal(headers['x-forwarded-port'], String(front.address.port));
      assert.equal(headers['x-forwarded-host'], `${front.address.host}:${front.address.port}`);
      assert.equal(answer.headers['keep-alive'], undefined);
      assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    });

    test('an upgrade that is only offered is answered as a plain request', async () => {
      const offer =
        'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';
      const { text } = await askRaw(front, `GET /offer HTTP/1.1\r\nHost: x\r\n${offer}\r\n`);
      assert.match(text, /^HTTP\/1\.1 200/);
      assert.doesNotMatch(text, /h2c"|http2-settings/);
    });

    test('HEAD, 204 and 304 have no body, and their connection goes on', async () => {
      const once = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
      const requests = [
        once('HEAD /echo'),
        once('GET /status?code=204'),
        once('GET /status?code=304'),
        once('GET /status?code=503', 'Connection: close\r\n'),
      ];
      const { text } = await askRaw(front, requests.join(''));
      const lines = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => code);
      assert.deepEqual(lines, ['200', '204', '304', '503']);
      assert.doesNotMatch(text, /"instance"/);
    });

    test('a caller of HTTP/1.0 gets an answer that it can read', async () => {
      const { text } = await askRaw(front, 'GET /stream HTTP/1.0\r\n\r\n'.replace('/stream', '/trailers'));
      assert.match(text, /^HTTP\/1\.1 200/);
      assert.doesNotMatch(text, /transfer-encoding/i);
      assert.ok(text.endsWith('\r\n\r\nbody'), text);
    });

    test('an answer passes piece by piece, as it is made', async () => {
      const response = await fetch(urlOf(front, '/stream'));
      const reader = response.body?.getReader();
      assert.ok(reader);
      for (const piece of ['one', 'two', 'three']) {
        instance.say(piece);
        assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), piece);
      }
      instance.endStream();
      assert.equal((await reader.read()).done, true);
    });

    test('a body passes piece by piece, as it is sent', async () => {
      const pieces: string[] = [];
      instance.onPiece = (piece) => pieces.push(piece);
      const request = http.request({ ...front.address, method: 'POST', path: '/upload', agent: false });
      for (const [at, piece] of ['one', 'two', 'three'].entries()) {
        request.write(piece);
        await until(`piece ${piece}`, () => pieces.length === at + 1);
      }
      const answered = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
      request.end();
      assert.equal((await answered).statusCode, 200);
      assert.deepEqual(pieces, ['one', 'two', 'three']);
      (await answered).resume();
    });

    test('server-sent events come one by one, are no request in flight, and end with their reader', async () => {
      const abandoned = instance.abandoned;
      const leaving = new AbortController();
      const response = await fetch(urlOf(front, '/events'), { signal: leaving.signal });
      const reader = response.body?.getReader();
      assert.ok(reader);
      instance.say('data: 1\n\n');
      assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), 'data: 1\n\n');
      const [figures] = good(await under.edge.stats('hcn'));
      assert.deepEqual([figures?.inFlight, figures?.websockets], [0, 1]);
      leaving.abort();
      await until('the instance sees it', () => instance.abandoned === abandoned + 1);
      await until('it is not counted any more', async () => {
        const [now] = good(await under.edge.stats('hcn'));
        return now?.websockets === 0;
      });
    });

    test('a caller that leaves ends the request at the instance', async () => {
      const abandoned = instance.abandoned;
      const leaving = new AbortController();
      const left = fetch(urlOf(front, '/hold'), { signal: leaving.signal }).catch(() => 'left');
      await until('it arrives', () => instance.held === 1);
      leaving.abort();
      assert.equal(await left, 'left');
      await until('the instance sees it', () => instance.abandoned === abandoned + 1);
    });

    test('Expect: 100-continue is the instance to decide', async () => {
      const wanted = http.request({
        ...front.address,
        method: 'POST',
        headers: { expect: '100-continue', 'content-length': 5 },
        agent: false,
      });
      wanted.flushHeaders();
      await new Promise((resolve) => wanted.once('continue', resolve));
      wanted.end('hello');
      const answer = await new Promise<http.IncomingMessage>((resolve) => wanted.once('response', resolve));
      assert.equal(answer.statusCode, 200);
      answer.resume();

      const { text } = await askRaw(
        front,
        'POST /refuse-body HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
        /\r\n\r\n/,
      );
      assert.match(text, /^HTTP\/1\.1 417/);
      assert.match(text, /connection: close/i);
    });

    test('trailers pass on both ways', async () => {
      const answer = await ask(front, { path: '/trailers' });
      assert.equal(answer.body, 'body');
      assert.equal(answer.trailers['x-sum'], '42');
      const headers = { 'transfer-encoding': 'chunked', trailer: 'X-Sum' };
      const echo = await askEcho(front, { method: 'POST', headers, body: 'hi', trailers: { 'X-Sum': '7' } });
      assert.equal(echo.trailers['x-sum'], '7');
    });

    test('100 MB pass unchanged both ways, without being held in memory', async () => {
      const bytes = 100 * 1024 * 1024;
      const body = Buffer.alloc(bytes, 'bank');
      const echo = await askEcho(front, { method: 'POST', body });
      assert.equal(echo.bytes, bytes);
      assert.equal(echo.sha256, createHash('sha256').update(body).digest('hex'));
      const response = await fetch(urlOf(front, `/big?bytes=${bytes}`));
      let got = 0;
      for await (const piece of response.body ?? []) got += piece.length;
      assert.equal(got, bytes);
      for (const pid of under.pids()) assert.ok(peakMiB(pid) < 250, `${peakMiB(pid)} MiB`);
    });

    test('a caller that reads slowly gets everything, and delays nobody', async () => {
      const bytes = 8 * 1024 * 1024;
      const socket = connect({ ...front.address });
      socket.write(`GET /big?bytes=${bytes} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      socket.pause();
      await until('its answer is on the way', async () => {
        const [now] = good(await under.edge.stats('hcn'));
        return now?.inFlight === 1;
      });
      const started = performance.now();
      await Promise.all(Array.from({ length: 20 }, () => askEcho(front)));
      assert.ok(performance.now() - started < 2_000);
      let got = 0;
      socket.on('data', (piece) => {
        got += piece.length;
        socket.pause();
        setImmediate(() => socket.resume());
      });
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
      assert.ok(got > bytes && got < bytes + 1_000, `${got} bytes`);
    });
  });
}

/** Peak resident memory of a process in MiB, as the kernel counts it. */
function peakMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
