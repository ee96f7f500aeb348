import { Agent, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { proxyUpgrade } from 'httpxy';
import { connectTo } from './agent.ts';
import { nobody, search } from './find.ts';
import type { LiveFront, Picked } from './front.ts';
import { prepareUpgrade } from './headers.ts';

/** An instance answers the request for an upgrade within this time, in ms. */
const upgradeTimeout = 10_000;

/** Whether a request asks for what the edge can tunnel; other upgrades are answered as plain requests. */
export function wantsWebsocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Serves one request for a websocket: connects to an instance first, then hands both ends to httpxy. */
export async function serveUpgrade(
  front: LiveFront,
  request: IncomingMessage,
  caller: Duplex,
  head: Buffer,
): Promise<void> {
  caller.on('error', () => {
    // Its end is seen by `destroyed`.
  });
  const arrived = performance.now();
  const found = await findConnected(front, request.headers.cookie, caller);
  if (caller.destroyed) found?.socket.destroy();
  else if (!found) answerNobody(front, caller);
  else await tunnel(found, front, request, { caller, head, arrived });
}

interface Connected extends Picked {
  readonly socket: Socket;
}

async function findConnected(
  front: LiveFront,
  cookies: string | undefined,
  caller: Duplex,
): Promise<Connected | undefined> {
  const instances = search(front, cookies);
  while (!caller.destroyed) {
    const picked = await instances.next();
    if (!picked) return undefined;
    const socket = await connectTo(picked.instance.backend, front.limits.connectMs);
    if (!(socket instanceof Error)) return { ...picked, socket };
    instances.refused(picked.instance);
  }
  return undefined;
}

async function tunnel(
  { pool: { tally }, instance, socket, overflow }: Connected,
  front: LiveFront,
  request: IncomingMessage,
  { caller, head, arrived }: { caller: Duplex; head: Buffer; arrived: number },
): Promise<void> {
  prepareUpgrade(request, front.spec.address.port);
  const over = instance.begin();
  tally.requests++;
  tally.inFlight++;
  if (overflow) tally.overflow++;
  const agent = new Agent();
  agent.createConnection = () => socket;
  try {
    const { host, port } = instance.backend;
    const upstream = await proxyUpgrade({ host, port }, request, caller, head, {
      agent,
      xfwd: false,
      upgradeTimeout,
    });
    tally.latency(performance.now() - arrived);
    tally.websockets++;
    closeTogether(caller, upstream, () => {
      tally.websockets--;
    });
  } catch (error) {
    // An instance that answers instead of upgrading is passed on, and no error of the way there.
    if (!(error instanceof Error && /did not upgrade/.test(error.message))) tally.errors++;
  } finally {
    tally.inFlight--;
    over();
  }
}

/** When one side has gone, the other has nobody to talk to. */
function closeTogether(caller: Duplex, upstream: Socket, closed: () => void): void {
  upstream.once('close', () => {
    closed();
    caller.end(() => caller.destroy());
  });
  caller.once('close', () => upstream.destroy());
  upstream.on('error', () => caller.destroy());
  if (caller.destroyed) upstream.destroy();
  if (!upstream.closed) return;
  closed();
  caller.destroy();
}

function answerNobody(front: LiveFront, caller: Duplex): void {
  const body = nobody(front);
  const head =
    'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close';
  caller.end(`${head}\r\nRetry-After: 1\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
