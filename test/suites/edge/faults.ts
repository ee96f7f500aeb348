import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Front } from '../../../src/edges/edge.ts';
import { ask, askEcho, askRaw } from './ask.ts';
import { freePort } from './free-port.ts';
import { type Instance, startInstance } from './instance.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, setBackends } from './under-test.ts';

/** What happens to a request when instances refuse, die or are not there. */
export function testFaults(suite: EdgeSuite): void {
  describe('faults', () => {
    let under: EdgeUnderTest;
    let instances: Instance[] = [];
    before(async () => {
      under = await suite.start({});
    });
    afterEach(async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
      instances = [];
    });
    after(() => under?.stop());
    const start = async (id: string, options?: { port: number }) => {
      const instance = await startInstance(id, options);
      instances.push(instance);
      return instance;
    };
    const frontOf = (app: string, ...of: readonly Instance[]) =>
      makeFront(under, app, { mesos: of }, { mesos: 100 });
    const errorsOf = async ({ app }: Front) => good(await under.edge.stats(app)).map(({ errors }) => errors);

    test('a refused connection moves on with every method, and the body is still whole', async () => {
      const one = await start('one');
      const front = await frontOf('refused', one);
      const dead = await Promise.all(
        ['x', 'y', 'z'].map(async (id) => ({ id, host: '127.0.0.1', port: await freePort() })),
      );
      await setBackends(under, front, { mesos: [...dead, one.backend] });
      const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
      for (const method of [...methods, ...methods, ...methods, ...methods]) {
        const bytes = method === 'GET' ? 0 : 200_000;
        const headers = { 'content-length': String(bytes) };
        const echo = await askEcho(front, { method, headers, body: 'x'.repeat(bytes) });
        assert.equal(echo.bytes, bytes);
      }
      assert.equal(one.requests.length, 20, 'each was carried out once');
      assert.deepEqual(await errorsOf(front), [0]);
    });

    test('a POST that may have been carried out is never repeated; its caller is told', async () => {
      const [one, two] = [await start('one'), await start('two')];
      const front = await frontOf('lost', one, two);
      const answer = await ask(front, { method: 'POST', path: '/die', body: 'money' });
      assert.equal(answer.status, 502);
      assert.match(answer.body, /Whether the request was carried out is not known/);
      assert.equal(one.requests.length + two.requests.length, 1);
      assert.deepEqual(await errorsOf(front), [1]);
    });

    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      test(`a ${method} whose connection dies without an answer is sent elsewhere`, async () => {
        const [one, two] = [await start('one'), await start('two')];
        const front = await frontOf(`again-${method}`, one, two);
        const answer = await ask(front, { method, path: '/die' });
        assert.equal(answer.status, 502, 'it dies everywhere');
        assert.ok(one.requests.length > 0 && two.requests.length > 0, 'both were asked');
        assert.ok(one.requests.length + two.requests.length <= suite.mostTries, 'and not for ever');
      });

    test('a GET with a body is not repeated: its body is gone', async () => {
      const [one, two] = [await start('one'), await start('two')];
      const front = await frontOf('bodied', one, two);
      const headers = { 'content-length': '5' };
      assert.equal((await ask(front, { path: '/die', headers, body: 'hello' })).status, 502);
      assert.equal(one.requests.length + two.requests.length, 1);
    });

    test('an answer that breaks off breaks off for the caller, never looking complete', async () => {
      const one = await start('one');
      const front = await frontOf('half', one);
      for (const path of ['/die-half', '/die-half-chunked']) {
        await assert.rejects(ask(front, { path }), path);
        await assert.rejects(ask(front, { path, method: 'POST', body: 'x' }), path);
      }
      const old = await askRaw(front, 'GET /die-half-chunked HTTP/1.0\r\n\r\n');
      assert.equal(old.reset, suite.resets, 'a caller of HTTP/1.0 sees a reset, where the edge can do that');
      assert.equal(one.requests.length, 5, 'nothing was repeated after the answer began');
      assert.deepEqual(await errorsOf(front), [suite.resets ? 5 : 4]);
    });

    test('with no instance, a request waits a little, and then is told in words', async () => {
      const front = await frontOf('nobody');
      const started = performance.now();
      const answer = await ask(front, { method: 'POST', body: 'x'.repeat(100_000) });
      assert.equal(answer.status, 503);
      assert.equal(answer.headers['retry-after'], '1');
      assert.match(answer.body, /No instance of nobody in test1 takes requests at the moment/);
      assert.ok(performance.now() - started < 4_000);
    });

    test('an instance that appears while a request waits gets it, whole', async () => {
      const front = await frontOf('soon');
      const waiting = askEcho(front, { method: 'POST', body: 'patience' });
      const one = await start('one');
      await setBackends(under, front, { mesos: [one.backend] });
      assert.equal((await waiting).bytes, 8);
    });

    test('an instance that comes back on its port serves what waited', async () => {
      const port = await freePort();
      const front = await frontOf('back');
      await setBackends(under, front, { mesos: [{ id: 'one', host: '127.0.0.1', port }] });
      const waiting = askEcho(front, { method: 'POST', body: 'patience' });
      await start('one', { port });
      assert.equal((await waiting).bytes, 8);
    });

    test('an instance that ends idle connections just as the next request comes loses none', async () => {
      const one = await start('one');
      one.dropsUsed = true;
      const front = await frontOf('idle', one);
      for (let n = 0; n < 200; n++) {
        const method = n % 4 < 2 ? 'GET' : 'POST';
        const answer = await ask(front, { method, body: method === 'POST' ? 'x' : '' });
        assert.equal(answer.status, 200, method);
      }
      assert.equal(one.requests.length, 200);
      assert.deepEqual(await errorsOf(front), [0]);
    });

    test('answers of 500 and above are counted as errors and passed on', async () => {
      const one = await start('one');
      const front = await frontOf('counted', one);
      for (const code of [200, 404, 500, 503]) {
        const answer = await ask(front, { path: `/status?code=${code}` });
        assert.equal(answer.status, code);
      }
      const [figures] = good(await under.edge.stats('counted'));
      assert.deepEqual([figures?.requests, figures?.errors], [4, 2]);
    });
  });
}
