import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock, fakeHost, fakeHttp } from '../host/fake.ts';
import type { HttpRequest, HttpResponse } from '../host/host.ts';
import { fail, isFailure } from '../model/failure.ts';
import { apiOf, reasonIn, refused } from './api.ts';

/** A server that gives these answers, one after the other, and what it was asked. */
function serverWith(...statuses: number[]) {
  const asked: HttpRequest[] = [];
  const clock = fakeClock();
  const http = fakeHttp((request): HttpResponse => {
    asked.push(request);
    return { status: statuses.shift() ?? 200, headers: {}, body: '{"message":"so it is."}' };
  });
  return { asked, clock, host: fakeHost({ clock, http }) };
}

test('a passing 5xx is ridden out where that is safe', async () => {
  const server = serverWith(503, 502, 200);
  const api = apiOf('Marathon', 'http://m/', server.host);
  const answer = api.call({ method: 'PUT', path: '/v2/apps/x', json: {} });
  await server.clock.asleep();
  await server.clock.advance(1_000);
  const got = await answer;
  assert(!isFailure(got));
  assert.equal(got.status, 200);
  assert.deepEqual(
    server.asked.map(({ url }) => url),
    Array(3).fill('http://m/v2/apps/x'),
  );
});

test('one that stays is a server-error in words, and a POST is never repeated', async () => {
  const server = serverWith(503, 503, 503);
  const api = apiOf('Marathon', 'http://me:secret@m/base', server.host);
  const posted = await api.call({ method: 'POST', path: '/x' });
  assert(isFailure(posted) && posted.code === 'server-error');
  assert.equal(posted.message, 'Marathon at http://m answers 503 to POST /x: so it is.');
  assert.equal(server.asked.length, 1);
});

test('who asks is told once known; a failure to find out is the answer', async () => {
  const server = serverWith(401);
  const known = apiOf('Marathon', 'http://m', server.host, () => ({
    headers: { authorization: 'x' },
    tls: { ca: 'pem' },
  }));
  const unknown = await known.call({ path: '/' });
  assert(isFailure(unknown) && unknown.code === 'refused');
  assert.match(unknown.hint ?? '', /user/);
  assert.deepEqual([server.asked[0]?.headers, server.asked[0]?.tls], [{ authorization: 'x' }, { ca: 'pem' }]);
  const lost = apiOf('Marathon', 'http://m', server.host, () => fail('missing-secret', 'No.'));
  assert.equal(isFailure(await lost.call({ path: '/' })), true);
  assert.equal(server.asked.length, 1);
});

test('a refusal gives the words of the server, with the places it names', () => {
  const json = { message: 'Object is not valid', details: [{ path: '/id', errors: ['error.pattern', 'b'] }] };
  assert.equal(reasonIn({ json, body: '' }), 'Object is not valid; /id error.pattern, b');
  assert.equal(reasonIn({ json: { error: { message: 'no such name' } }, body: '' }), 'no such name');
  assert.equal(reasonIn({ json: undefined, body: ' <html> ' }), '<html>');
  const failure = refused(
    { name: 'Marathon' },
    { path: '/x' },
    { status: 400, json: undefined, body: '', headers: {} },
  );
  assert.equal(failure.message, 'Marathon refuses GET /x: HTTP 400.');
});
