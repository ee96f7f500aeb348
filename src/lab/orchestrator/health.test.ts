import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { type TestContext, test } from 'node:test';
import { until } from '../testing.ts';
import { healthStep, portToCheck } from './health.ts';
import type { HealthCheckSpec, HealthResult } from './orchestrator.ts';
import { ask, type ProbeTarget, probe } from './probe.ts';

const check: HealthCheckSpec = {
  protocol: 'http',
  intervalMs: 1_000,
  timeoutMs: 300,
  graceMs: 5_000,
  killAfter: 3,
};
const good = { kind: 'good' } as const;
const bad = { kind: 'bad', cause: '500 x' } as const;

test('the grace forgives failures until the first success, and no longer', () => {
  const early = healthStep(undefined, bad, check, 0, 4_999);
  assert.deepEqual(early, {
    result: { alive: false, consecutiveFailures: 0 },
    counted: false,
    kill: false,
  });
  const ok = healthStep(early.result, good, check, 0, 1_000);
  assert.deepEqual(ok.result, {
    alive: true,
    consecutiveFailures: 0,
    firstSuccess: 1_000,
    lastSuccess: 1_000,
  });
  const after = healthStep(ok.result, bad, check, 0, 2_000);
  assert.equal(after.counted, true);
  assert.equal(after.result.alive, false);
});

test('it is killed at the failure in a row that was named, never with 0, and a success begins anew', () => {
  let result: HealthResult | undefined;
  const kills = [bad, bad, good, bad, bad, bad].map((outcome, index) => {
    const step = healthStep(result, outcome, check, 0, 10_000 + index);
    result = step.result;
    return step.kill;
  });
  assert.deepEqual(kills, [false, false, false, false, false, true]);
  assert.equal(healthStep(result, bad, { ...check, killAfter: 0 }, 0, 20_000).kill, false);
});

test('the port of a check is the fixed one, the indexed one, or the only one', () => {
  assert.equal(portToCheck({ ...check, port: 9, portIndex: 0 }, [1, 2]), 9);
  assert.equal(portToCheck({ ...check, portIndex: 1 }, [1, 2]), 2);
  assert.equal(portToCheck(check, [7]), 7);
  assert.equal(portToCheck(check, [1, 2]), undefined);
});

async function answering(context: TestContext): Promise<ProbeTarget> {
  const server = createServer((request, response) => {
    const status = Number(request.url?.slice(1));
    if (status) response.writeHead(status, { 'content-type': 'text/x' }).end('body of it');
  });
  server.listen(0, '127.0.0.1');
  await until('listening', () => server.listening);
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { protocol: 'http', host: '127.0.0.1', port, path: '/200', timeoutMs: 300 };
}

test('200 to 399 is good; other answers, silence and a closed port say why not', async (context) => {
  const target = await answering(context);
  const look = (path: string) => probe({ ...target, path }, false);
  assert.deepEqual(await look('/200'), good);
  assert.deepEqual(await look('/302'), good);
  assert.deepEqual(await look('/404'), { kind: 'bad', cause: '404 Not Found' });
  assert.deepEqual(await look('/500'), { kind: 'bad', cause: '500 Internal Server Error' });
  assert.deepEqual(await look('/silent'), { kind: 'bad', cause: 'timeout' });
  assert.equal((await look('/a blank')).kind, 'bad');
  const answer = await ask(target, 4);
  assert.deepEqual(answer, { status: 200, reason: 'OK', contentType: 'text/x', body: 'body' });
});

test('a TCP check is content with a connection', async (context) => {
  const server = createTcp((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await until('listening', () => server.listening);
  const { port } = server.address() as AddressInfo;
  const target: ProbeTarget = { protocol: 'tcp', host: '127.0.0.1', port, path: '/', timeoutMs: 300 };
  assert.deepEqual(await probe(target, false), good);
  await new Promise((resolve) => server.close(resolve));
  context.after(() => undefined);
  assert.deepEqual(await probe(target, false), { kind: 'bad', cause: 'connection refused' });
});
