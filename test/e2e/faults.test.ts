import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, type Json, openFolder, project, until, without } from './harness.ts';

type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A proxy before the lab's Marathon that misbehaves when told to. */
interface Meddler extends AsyncDisposable {
  readonly url: string;
  /** Answers in Marathon's place where it says so. */
  meddle(fault: Fault): void;
}

describe('a Marathon that misbehaves', { skip: without('mesos') }, () => {
  test('a passing 503 and a cut connection are ridden out, and nothing is written twice', async () => {
    await using bench = await openEcho();
    await using meddler = await meddle(bench);
    let answers = 0;
    meddler.meddle((_request, response) => {
      answers++;
      if (answers % 4 === 1) return end(response, 503, { message: 'the leader is on its way' });
      // Carried out, but the answer gets lost: the driver has to look before it repeats.
      return false;
    });
    await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
    const { versions } = await ask(meddler.url, '/v2/apps/echo/versions');
    assert.equal(versions.length, 1, 'one write, one version');
  });

  test('an answer that is cut off in the middle is looked after, not repeated blindly', async () => {
    await using bench = await openEcho();
    await using meddler = await meddle(bench);
    let cut = 0;
    meddler.meddle((incoming, response) => {
      if (incoming.method === 'GET' || cut > 0) return false;
      cut++;
      void forward(meddler, incoming).then(() => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '500' });
        response.write('{"version":"2026');
        response.destroy();
      });
      return true;
    });
    await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
    assert.equal(cut, 1);
    const { versions } = await ask(meddler.url, '/v2/apps/echo/versions');
    assert.equal(versions.length, 1);
  });

  test('one that goes away in the middle leaves a deployment that resume finishes', async () => {
    await using bench = await openEcho();
    await using meddler = await meddle(bench);
    let gone = false;
    meddler.meddle((incoming, response) => {
      if (incoming.method === 'PUT' || incoming.method === 'POST') gone = true;
      if (gone) response.destroy();
      return gone;
    });
    const failed = await bench.runs(70, 'deploy', 'echo:1.0.0', '-e', 'test1');
    const id = /rehome resume (\w+)/.exec(failed.stdout + failed.stderr)?.[1];
    assert.ok(id, failed.stderr);
    meddler.meddle(() => false);
    await bench.runs(0, 'resume', id);
    assert.equal((await bench.json('show', id)).status, 'done');
  });

  test('one that is not there at all is a clear error, and nothing is begun', async () => {
    await using bench = await openEcho();
    const meddler = await meddle(bench);
    await meddler[Symbol.asyncDispose]();
    const failed = await bench.runs(1, 'deploy', 'echo:1.0.0', '-e', 'test1');
    assert.match(failed.stderr, new RegExp(new URL(meddler.url).host));
    assert.deepEqual((await bench.json('lock', 'status')).locks, []);
  });

  test('a deployment of somebody else is waited for or named, never overridden', async () => {
    await using bench = await openEcho();
    await using meddler = await meddle(bench);
    await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
    // Somebody starts a rollout by hand that cannot end.
    const stuck = {
      cmd: 'sleep 1000',
      healthChecks: [{ protocol: 'HTTP', path: '/', gracePeriodSeconds: 600 }],
    };
    const { deploymentId } = await ask(meddler.url, '/v2/apps/echo', 'PUT', stuck);
    const failed = await bench.runs(70, 'deploy', 'echo:1.1.0', '-e', 'test1');
    assert.match(failed.stderr, new RegExp(deploymentId));
    const running = await ask(meddler.url, '/v2/deployments');
    assert.deepEqual(
      running.map(({ id }: { id: string }) => id),
      [deploymentId],
    );
    await ask(meddler.url, `/v2/deployments/${deploymentId}`, 'DELETE');
    await until('the deployment is over', async () =>
      (await ask(meddler.url, '/v2/deployments')).length === 0 ? true : undefined,
    );
    const id = /rehome resume (\w+)/.exec(failed.stdout + failed.stderr)?.[1];
    assert.ok(id, failed.stderr);
    await bench.runs(0, 'resume', id);
    const { apps } = await bench.json('status', 'echo', '-e', 'test1');
    assert.equal(apps[0].homes[0].version, '1.1.0');
  });
});

async function openEcho(): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/echo'));
  await bench.runs(0, 'lab', 'up');
  return bench;
}

/** Puts a proxy between rehome and the lab's Marathon, in the workspace's own configuration. */
async function meddle({ folder }: Bench): Promise<Meddler> {
  const lab = JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8'));
  const { marathon, chronos, mesos } = lab.clusters.test1;
  let fault: Fault = () => false;
  const server = createServer((incoming, response) => {
    if (incoming.headers['x-meddler'] || !fault(incoming, response)) pass(marathon, incoming, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const path = join(folder, 'rehome.yaml');
  const text = readFileSync(path, 'utf8');
  const settings = `platform: mesos, marathon: "${url}", chronos: "${chronos}", mesos: "${mesos}"`;
  writeFileSync(path, text.replace('platform: mesos, marathon: lab, chronos: lab', settings));
  return {
    url,
    meddle: (next) => {
      fault = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function pass(marathon: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = incoming;
  const onward = request(`${marathon}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

/** Carries a request out and keeps the answer back. */
async function forward(meddler: Meddler, incoming: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const headers = { 'Content-Type': 'application/json', 'X-Meddler': 'pass' };
  await fetch(`${meddler.url}${incoming.url}`, { method: incoming.method ?? 'PUT', headers, body });
}

async function ask(url: string, path: string, method = 'GET', json?: unknown): Promise<Json> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const headers = { 'Content-Type': 'application/json', 'X-Meddler': 'pass' };
  const answer = await fetch(`${url}${path}`, { method, headers, ...body });
  return await answer.json();
}

function end(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  return true;
}
