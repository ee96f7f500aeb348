import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Backend } from '../../../src/edges/edge.ts';
import { acceptWebsocket } from './websocket.ts';

/** A real server of one instance, in this process, that shows what reached it. */
export interface Instance {
  readonly backend: Backend;
  /** `METHOD /path` of every request, in order. */
  readonly requests: readonly string[];
  /** Requests at /hold that are waiting. */
  readonly held: number;
  /** Answers what waits at /hold. */
  release(): void;
  /** Callers that left before their answer was complete. */
  readonly abandoned: number;
  /** Called with every piece of a request's body at /upload. */
  onPiece: (piece: string) => void;
  /** What /stream and /events send next. */
  say(text: string): void;
  endStream(): void;
  /** Lets go of a connection at the very moment when a second request comes on it, which it does not read. */
  dropsUsed: boolean;
  /** Closes the listener and every connection. */
  stop(): Promise<void>;
}

export async function startInstance(id: string, options: { readonly port?: number } = {}): Promise<Instance> {
  const requests: string[] = [];
  const held = new Set<ServerResponse>();
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let abandoned = 0;
  const used = new WeakSet<Socket>();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (instance.dropsUsed && used.has(request.socket)) return void request.socket.destroy();
    used.add(request.socket);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    requests.push(`${request.method} ${pathname}`);
    response.once('close', () => {
      held.delete(response);
      streams.delete(response);
      if (!response.writableFinished) abandoned++;
    });
    switch (pathname) {
      case '/hold':
        return void held.add(response);
      case '/stream':
      case '/events':
        if (pathname === '/events') response.setHeader('Content-Type', 'text/event-stream');
        response.flushHeaders();
        return void streams.add(response);
      case '/upload':
        return uploaded(request, response, (piece) => instance.onPiece(piece));
      case '/big':
        return sendBig(response, Number(searchParams.get('bytes')));
      case '/die':
        return void request.resume().once('end', () => request.socket.destroy());
      case '/die-half':
        response.writeHead(200, { 'Content-Length': '1000' });
        return void response.write('half', () => request.socket.destroy());
      case '/die-half-chunked':
        return void response.write('half', () => request.socket.destroy());
      case '/status':
        response.writeHead(Number(searchParams.get('code')), { 'X-Instance': id });
        return void response.end();
      case '/trailers':
        return sendTrailers(request, response);
      default:
        return echo(id, request, response);
    }
  };
  const server = createServer();
  server.on('request', handle);
  server.on('checkContinue', (request, response) => {
    if (request.url === '/refuse-body') {
      response.writeHead(417);
      response.end();
      return;
    }
    response.writeContinue();
    handle(request, response);
  });
  server.on('upgrade', (request, socket) => {
    requests.push(`UPGRADE ${request.url}`);
    acceptWebsocket(request, socket, id);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const instance: Instance = {
    backend: { id, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    requests,
    onPiece: () => {},
    get held() {
      return held.size;
    },
    get abandoned() {
      return abandoned;
    },
    release() {
      for (const response of held) response.end(JSON.stringify({ instance: id }));
    },
    say(text) {
      for (const response of streams) response.write(text);
    },
    endStream() {
      for (const response of streams) response.end();
    },
    dropsUsed: false,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return instance;
}

/** What an instance says about a request that it got. */
export interface Echo {
  readonly instance: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly sha256: string;
}

function echo(id: string, request: IncomingMessage, response: ServerResponse): void {
  const hash = createHash('sha256');
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  request.on('end', () => {
    const { method = '', url = '', headers, trailers } = request;
    const body = { instance: id, method, url, headers, trailers, bytes, sha256: hash.digest('hex') };
    response.setHeader('X-Instance', id);
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify(body));
  });
}

function uploaded(
  request: IncomingMessage,
  response: ServerResponse,
  onPiece: (piece: string) => void,
): void {
  request.setEncoding('utf8');
  request.on('data', onPiece);
  request.on('end', () => response.end('whole'));
}

/** Nothing follows a body in HTTP/1.0. */
function sendTrailers({ httpVersion }: IncomingMessage, response: ServerResponse): void {
  if (httpVersion === '1.0') return void response.end('body');
  response.writeHead(200, { Trailer: 'X-Sum' });
  response.write('body');
  response.addTrailers({ 'X-Sum': '42' });
  response.end();
}

function sendBig(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'Content-Length': String(bytes) });
  const piece = Buffer.alloc(1024 * 1024, 7);
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const size = Math.min(left, piece.length);
      left -= size;
      if (!response.write(piece.subarray(0, size))) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
