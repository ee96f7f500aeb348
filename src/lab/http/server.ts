import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './body.ts';
import { isOwnHost } from './host-header.ts';
import { type Handler, json, type Reply, type Request, type Stream } from './message.ts';

export interface ServeOptions {
  /** Loopback by default. */
  readonly host?: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly handle: Handler;
  /** Bytes of a body that are accepted, 1 MiB by default; more is answered with 413. */
  readonly bodyLimit?: number;
  /** Further names that a Host header may carry, beside loopback's and the address listened on. */
  readonly names?: readonly string[];
  /** How the server's own refusals look (413, 400, 403, 500); `{"message"}` by default. */
  readonly refuse?: (status: number, message: string) => Reply;
  /** Told of what a handler threw: a bug. The caller gets 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface Listening {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Stops listening, ends open streams and waits for neither idle nor slow connections. */
  close(): Promise<void>;
}

/** Whether what `serve` was rejected with means that somebody else has the port. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

type Settings = Required<Pick<ServeOptions, 'handle' | 'bodyLimit' | 'refuse' | 'onBug' | 'names'>>;

/** Serves one handler over HTTP. Rejects when the port is taken: see `isPortTaken`. */
export async function serve(options: ServeOptions): Promise<Listening> {
  const settings: Settings = {
    handle: options.handle,
    bodyLimit: options.bodyLimit ?? 1024 * 1024,
    refuse: options.refuse ?? ((status, message) => json(status, { message })),
    onBug: options.onBug ?? (() => undefined),
    names: options.names ?? [],
  };
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing, settings);
  });
  guardAgainstSlowCallers(server);
  const host = options.host ?? '127.0.0.1';
  await listen(server, host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, host, port, close: () => close(server) };
}

/** A caller that trickles its request holds a socket for 30 s at most; idle ones are kept for a minute. */
function guardAgainstSlowCallers(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 60_000;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  settings: Settings,
): Promise<void> {
  try {
    const reply = await replyTo(incoming, settings);
    if (reply.stream) openStream(outgoing, reply);
    else send(outgoing, reply, incoming.method === 'HEAD');
  } catch (error) {
    settings.onBug(error);
    if (outgoing.headersSent) outgoing.destroy();
    else send(outgoing, settings.refuse(500, error instanceof Error ? error.message : String(error)));
  }
}

async function replyTo(incoming: IncomingMessage, settings: Settings): Promise<Reply> {
  if (!isOwnHost(incoming, settings.names)) {
    return settings.refuse(403, 'The Host header names another machine.');
  }
  const body = await readBody(incoming, settings.bodyLimit);
  if (body === 'too-large') {
    const reply = settings.refuse(413, `The body is larger than ${settings.bodyLimit} bytes.`);
    return { ...reply, headers: { ...reply.headers, Connection: 'close' } };
  }
  const request = toRequest(incoming, body);
  if (!request) return settings.refuse(400, 'The path is not well encoded.');
  return settings.handle(request);
}

function toRequest(incoming: IncomingMessage, body: string): Request | undefined {
  const target = incoming.url ?? '/';
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  try {
    return {
      method: incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET'),
      path: decodeURIComponent(path),
      query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
      headers: incoming.headers,
      body,
      params: {},
      remote: incoming.socket.remoteAddress ?? '',
    };
  } catch {
    return undefined;
  }
}

function send(outgoing: ServerResponse, reply: Reply, headersOnly = false): void {
  const body = Buffer.from(reply.body ?? '');
  outgoing.writeHead(reply.status, { ...reply.headers, ...lengthOf(reply.status, body) });
  outgoing.end(headersOnly ? undefined : body);
}

function lengthOf(status: number, body: Buffer): Record<string, number> {
  return status === 204 || status === 304 ? {} : { 'Content-Length': body.length };
}

/** Bytes that may wait for one slow reader of a stream before it is cut off. */
const waitingBytes = 4 * 1024 * 1024;

function openStream(outgoing: ServerResponse, reply: Reply): void {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  outgoing.on('error', () => gone.abort());
  outgoing.writeHead(reply.status, { ...reply.headers });
  outgoing.flushHeaders();
  const stream: Stream = {
    send(chunk) {
      if (outgoing.writableLength > waitingBytes) outgoing.destroy();
      if (outgoing.destroyed) return false;
      outgoing.write(chunk);
      return true;
    },
    end: () => outgoing.end(),
    closed: gone.signal,
  };
  reply.stream?.(stream);
}
