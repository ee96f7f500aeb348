import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, without } from './harness.ts';
import {
  at,
  because,
  edgeShares,
  everyTickOnce,
  livesIn,
  notHot,
  nothingLost,
  openMoving,
  underLightLoad,
} from './moving.ts';

const skip = without('mesos') || without('local');
const move = (...more: string[]) =>
  ['move', 'echo', '-e', 'test1', '--to', 'local', '--json-stream', ...more] as const;

describe('what a gate asks', { skip }, () => {
  test('a Prometheus that is away holds the stage; a bad value, or a command that fails, goes back', async () => {
    await using bench = await openMoving();
    await using prometheus = metrics();
    const port = await prometheus.listen();
    await prometheus.close();
    askPrometheus(bench, port);
    const counts = await underLightLoad(bench, 'keep-alive', async () => {
      const moving = bench.start(...move('--hold', '500ms', '--stages', '10'));
      await moving.event(because(/^10 % in local: failures: Nothing answers at /));
      assert.deepEqual(await edgeShares(bench), { mesos: 90, local: 10 });
      prometheus.value = 0.001;
      await prometheus.listen(port);
      await moving.event(at(100));
      prometheus.value = 0.5;
      const ended = await moving.ended;
      assert.equal(ended.code, 4, ended.stderr);
      assert.match(ended.stdout, /failures is 0.5, at most 0.01 may be/);
      notHot(ended.stdout);
      await livesIn(bench, 'mesos');

      prometheus.value = 0;
      setGate(
        bench.folder,
        `commands: [{ name: smoke, exec: 'echo "$APP $SHARE" >> seen; test "$SHARE" -lt 50' }]`,
      );
      const smoked = await bench.run(...move('--hold', '300ms'));
      assert.equal(smoked.code, 4, smoked.stderr);
      assert.match(smoked.stdout, /smoke ended with exit code 1/);
      assert.deepEqual(readFileSync(join(bench.folder, 'seen'), 'utf8').trim().split('\n'), [
        'echo 10',
        'echo 50',
      ]);
      await livesIn(bench, 'mesos');
    });
    nothingLost(counts);
    everyTickOnce(bench);
  });
});

/** As much of a Prometheus as a query wants. */
function metrics() {
  const server = createServer((_request, response) => {
    const data = { resultType: 'vector', result: [{ metric: {}, value: [0, String(own.value)] }] };
    response.setHeader('Connection', 'close');
    response.end(JSON.stringify({ status: 'success', data }));
  });
  const own = {
    value: 0,
    async listen(port = 0): Promise<number> {
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
      return (server.address() as AddressInfo).port;
    },
    async close(): Promise<void> {
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
    [Symbol.asyncDispose]: () => own.close(),
  };
  return own;
}

function askPrometheus({ folder }: Bench, port: number): void {
  const query = `{ name: failures, url: "http://127.0.0.1:${port}", query: "rate", max: 0.01 }`;
  setGate(folder, `prometheus: [${query}]`);
}

/** Adds to the gate of the fixture. */
function setGate(folder: string, more: string): void {
  const path = join(folder, 'rehome.yaml');
  const text = readFileSync(path, 'utf8');
  const changed = text.replace('gate: {', `gate: { ${more},`);
  assert.notEqual(changed, text);
  writeFileSync(path, changed);
}
