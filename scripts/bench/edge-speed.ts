import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../src/edges/haproxy/process.ts';
import { startEmbedded } from '../../test/suites/edge/embedded.ts';
import { freePort } from '../../test/suites/edge/free-port.ts';
import { startHaproxy, withoutHaproxy } from '../../test/suites/edge/haproxy.ts';
import { good, until } from '../../test/suites/edge/under-test.ts';
import type { WorkspaceEdge } from '../../test/suites/edge/workspace-edge.ts';
import type { Figure } from './bench.ts';
import { median } from './median.ts';

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const rounds = 3;
const seconds = 3;

/** HAProxy as plain as can be, HAProxy as rehome runs it, and the embedded edge, before the same two instances. */
export async function edgeSpeed(): Promise<readonly Figure[]> {
  const without = withoutHaproxy();
  if (without) {
    console.error(`edge: not measured. ${without}`);
    return [];
  }
  const servers = [
    createServer((_, response) => response.end('ok')),
    createServer((_, response) => response.end('ok')),
  ];
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  const bare = await startBare(ports);
  const ours = await startHaproxy();
  const embedded = await startEmbedded();
  try {
    const at = {
      bare: bare.port,
      haproxy: await frontOf(ours, ports),
      embedded: await frontOf(embedded, ports),
    };
    const figures = [];
    for (const method of ['GET', 'POST']) figures.push(...(await compare(method, at)));
    return [...figures, await shareChange(ours)];
  } finally {
    await Promise.all([ours.stop(), embedded.stop(), bare.stop()]);
    for (const server of servers) server.close();
  }
}

async function compare(method: string, at: Readonly<Record<'bare' | 'haproxy' | 'embedded', number>>) {
  const measured = { bare: [] as Measured[], haproxy: [] as Measured[], embedded: [] as Measured[] };
  for (let round = 0; round < rounds; round++)
    for (const name of ['bare', 'haproxy', 'embedded'] as const)
      measured[name].push(await load(at[name], method));
  const middle = (name: keyof typeof measured, what: keyof Measured) =>
    median(measured[name].map((one) => one[what]));
  const ratio = (name: 'haproxy' | 'embedded', to: 'bare' | 'haproxy', limit: number): Figure => {
    const value = middle(name, 'perSecond') / middle(to, 'perSecond');
    const show = (one: keyof typeof measured) =>
      `${one} ${Math.round(middle(one, 'perSecond'))}/s p99 ${middle(one, 'p99').toFixed(1)} ms`;
    return {
      name: `${method}: ${name} edge to ${to === 'bare' ? 'bare HAProxy' : 'haproxy edge'}`,
      value,
      unit: '',
      limit: `at least ${limit}`,
      ok: value >= limit,
      details: `${show(name)}, ${show(to)}, failed ${measured[name].reduce((sum, one) => sum + one.failed, 0)}`,
    };
  };
  // A POST has a connection of its own to the instance: it cannot meet one that is being closed.
  const aim = method === 'GET' ? 0.6 : 0.2;
  return [ratio('haproxy', 'bare', aim), ratio('embedded', 'haproxy', 0.5)];
}

async function shareChange({ edge }: WorkspaceEdge): Promise<Figure> {
  const took: number[] = [];
  for (let n = 0; n < 50; n++) {
    const began = performance.now();
    good(await edge.setShare('bench', n % 2 === 0 ? { a: 50, b: 50 } : { a: 100, b: 0 }));
    took.push(performance.now() - began);
  }
  const value = median(took);
  const details = `longest of 50: ${Math.max(...took).toFixed(0)} ms`;
  return {
    name: 'share change in force, haproxy edge',
    value,
    unit: 'ms',
    limit: 'at most 50 ms',
    ok: value <= 50,
    details,
  };
}

async function frontOf({ edge, ...under }: WorkspaceEdge, ports: readonly number[]): Promise<number> {
  const backends = ports.map((port) => ({ id: `i${port}`, host: '127.0.0.1', port }));
  const address = under.address();
  good(
    await edge.reconcile({
      app: 'bench',
      address,
      shares: { a: 100, b: 0 },
      backends: { a: backends, b: backends },
    }),
  );
  return address.port;
}

async function load(port: number, method: string): Promise<Measured> {
  const file = join(import.meta.dirname, 'closed-loop.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    file,
    `${port}`,
    method,
    '16',
    `${seconds}`,
  ]);
  return JSON.parse(stdout) as Measured;
}

async function startBare(ports: readonly number[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  const port = await freePort();
  const servers = ports.map((one, at) => `  server s${at} 127.0.0.1:${one}`).join('\n');
  const config = `defaults
  mode http
  timeout client 1m
  timeout server 1m
  timeout connect 1s
listen bare
  bind 127.0.0.1:${port}
${servers}
`;
  writeFileSync(join(folder, 'haproxy.cfg'), config);
  const child = spawn(good(findProgram('haproxy')), ['-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
  await until('it runs', () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    port,
    async stop() {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
