import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Failure, fail } from '../../model/failure.ts';
import type { Address } from '../edge.ts';
import { serve } from './exchange.ts';
import type { LiveFront } from './front.ts';
import type { RequestProxy } from './proxy.ts';
import { serveUpgrade, wantsWebsocket } from './upgrade.ts';

/** The open ear of one front. */
export interface Listener {
  /** Takes nothing new, lets requests end for at most `Limits.stopMs`, then cuts what is left. */
  close(): Promise<void>;
}

/** Listens for a front. Failure: `no-free-port` when somebody else does. */
export async function listen(
  front: LiveFront,
  address: Address,
  proxy: RequestProxy,
): Promise<Listener | Failure> {
  let closing = false;
  const sockets = new Set<Socket>();
  const mayKeepAlive = () => !closing;
  const server = createServer({
    // Callers decide how long they wait and send; only the head of a request must come in one go.
    requestTimeout: 0,
    headersTimeout: 60_000,
    // Long: an idle connection that the edge closes is one that a caller may be about to use.
    keepAliveTimeout: 75_000,
    shouldUpgradeCallback: wantsWebsocket,
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    void serve(proxy, front, request, response, { expectsContinue: false, mayKeepAlive });
  });
  server.on('checkContinue', (request, response) => {
    void serve(proxy, front, request, response, { expectsContinue: true, mayKeepAlive });
  });
  server.on('upgrade', (request, socket, head) => {
    void serveUpgrade(front, request, socket, head);
  });
  const failure = await bind(server, address, front);
  if (failure) return failure;
  return {
    close() {
      closing = true;
      return closeServer(server, sockets, front.limits.stopMs);
    },
  };
}

function bind(server: Server, { host, port }: Address, { spec }: LiveFront): Promise<Failure | undefined> {
  const { promise, resolve } = Promise.withResolvers<Failure | undefined>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const message = `The edge cannot listen on ${host}:${port} for ${spec.app} in ${spec.environment}.`;
    const hint = 'stop the program that listens there';
    resolve(fail('no-free-port', message, { found: error.code ?? error.message, hint }));
  });
  server.listen({ host, port }, () => resolve(undefined));
  return promise;
}

async function closeServer(server: Server, sockets: Set<Socket>, atMostMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, atMostMs);
  await closed;
  clearTimeout(timer);
  // Upgraded connections are not the server's any more, so it does not wait for them.
  for (const socket of sockets) socket.destroy();
}
