import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startLoad } from './start.ts';

test('every request that a lossy backend loses is counted, with its reason', async (t) => {
  const receipts = folder(t);
  const backend = await startLossy(t, receipts);
  const load = startLoad({
    host: '127.0.0.1',
    port: backend.port,
    rate: 500,
    methods: ['GET', 'POST'],
    receipts,
  });
  await backend.served(1_000);
  const counts = await load.stop();

  const { told } = backend;
  const both = (fate: Fate) => told(fate, 'GET') + told(fate, 'POST');
  for (const fate of fates) assert.ok(told(fate, 'POST') > 0, `the backend never did ${fate}`);
  assert.equal(counts.sent, backend.requests(), 'no retries: the backend saw every request once');
  assert.equal(counts.failed, both('drop') + both('cut') + both('refuse'));
  assert.equal(counts.answered, counts.sent - counts.failed);
  assert.equal(counts.reasons['closed without an answer'], both('drop'));
  assert.equal(counts.reasons['cut off in the answer'], both('cut'));
  assert.equal(counts.reasons['status 500'], both('refuse'));
  assert.equal(counts.posts?.duplicated, told('double', 'POST'));
  assert.equal(counts.posts?.missing, told('forget', 'POST'));
  assert.equal(counts.posts?.failedButCarriedOut, told('cut', 'POST'));
  assert.equal(counts.byMethod.GET.sent + counts.byMethod.POST.sent, counts.sent);
});

test('a backend that is not there fails every request as refused, at the full rate', async () => {
  const port = await freePort();
  const load = startLoad({ host: '127.0.0.1', port, rate: 500, mode: 'close' });
  await letRun(1_200);
  const counts = await load.stop();
  assert.ok(counts.sent >= 500, `${counts.sent} sent`);
  assert.equal(counts.reasons['refused'], counts.sent);
});

test('a backend that stalls does not slow the sending down', async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const load = startLoad({ host: '127.0.0.1', port, rate: 500, timeoutMs: 300 });
  await letRun(1_300);
  const counts = await load.stop();
  assert.ok(counts.rate.achieved > 450, `${counts.rate.achieved}/s`);
  assert.equal(counts.reasons['timeout'], counts.sent);
});

test('the command prints the counts and ends with 1 when requests failed', async () => {
  const port = await freePort();
  const file = join(import.meta.dirname, 'load.ts');
  const args = ['--port', String(port), '--rate', '100', '--seconds', '0.3'];
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 1);
  assert.equal(JSON.parse(output).reasons.refused, JSON.parse(output).sent);
});

const fates = ['answer', 'drop', 'refuse', 'cut', 'double', 'forget'] as const;
type Fate = (typeof fates)[number];

/** Mostly `answer`; the others by turns that fall on GET and POST alike. */
function fateOf(turn: number): Fate {
  const special: Readonly<Record<number, Fate>> = {
    3: 'drop',
    6: 'refuse',
    9: 'cut',
    12: 'double',
    15: 'forget',
  };
  return special[turn % 17] ?? 'answer';
}

/** A raw server that answers, and every so often does not; it tells truly what it did. */
async function startLossy(t: TestContext, receipts: string) {
  const done = new Map<string, number>();
  let requests = 0;
  const carryOut = (id: string) => appendFileSync(join(receipts, 'instance-1'), `${id}\n`);
  const serve = (socket: Socket, method: string, id: string) => {
    const fate = fateOf(++requests);
    done.set(`${fate} ${method}`, (done.get(`${fate} ${method}`) ?? 0) + 1);
    if (fate === 'drop') return socket.end();
    if (fate === 'refuse') return socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n');
    if (method === 'POST' && fate !== 'forget') carryOut(id);
    if (method === 'POST' && fate === 'double') carryOut(id);
    if (fate === 'cut') return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    return socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n');
  };
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const whole = /^(GET|POST) [\s\S]*?X-Load-Id: (\S+)[\s\S]*?\r\n\r\n(x{64})?/.exec(text);
      if (!whole?.[1] || !whole[2] || (whole[1] === 'POST' && !whole[3])) return;
      text = '';
      serve(socket, whole[1], whole[2]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const served = async (wanted: number) => {
    while (requests < wanted) await letRun(10);
  };
  const told = (fate: Fate, method: string) => done.get(`${fate} ${method}`) ?? 0;
  return { port: (server.address() as AddressInfo).port, told, served, requests: () => requests };
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'rehome-load-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A load is a thing of time: so long it is let run. */
function letRun(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
