import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realHost } from '../../../../host/real.ts';
import type { Cluster } from '../../cluster.ts';
import type { KubernetesSettings } from '../../settings.ts';
import { clusterAt } from '../cluster-at.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ApiServer extends AsyncDisposable {
  readonly asked: readonly Asked[];
  readonly folder: string;
  readonly cluster: Cluster;
  stop(): Promise<void>;
}

/** A server that speaks the protocol's faults, which a real one cannot be brought to on demand. */
export async function apiServer(
  answer: (response: ServerResponse, asked: Asked, count: number) => void,
  { user = {}, settings = {} }: { readonly user?: object; readonly settings?: KubernetesSettings } = {},
): Promise<ApiServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    asked.push(one);
    answer(response, one, asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'rehome-api-'));
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'test1' } }],
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user }],
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(config));
  const cluster = clusterAt({ kubeconfig: 'config', ...settings }, { host: realHost(), root: folder }, {});
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const dispose = async () => {
    await stop();
    rmSync(folder, { recursive: true });
  };
  return { asked, folder, cluster, stop, [Symbol.asyncDispose]: dispose };
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
