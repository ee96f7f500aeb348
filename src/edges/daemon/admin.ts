import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Fronts, Target } from './fronts.ts';
import { drainSchema, frontSchema, nameSchema, parse, sharesSchema } from './protocol.ts';

const mostBytes = 1024 * 1024;

/** The API that the edge is told by, on a loopback port of its own. JSON in, JSON out. */
export interface Admin {
  readonly url: string;
  close(): void;
}

/** @param saved resolves when what was changed is on disk; a change is answered only then */
export async function openAdmin(fronts: Fronts, saved: () => Promise<undefined | Failure>): Promise<Admin> {
  const server = createServer((request, response) => {
    void answer(fronts, saved, request, response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => shut(server) };
}

type Handler = (
  fronts: Fronts,
  target: Target,
  body: unknown,
  signal: AbortSignal,
) => unknown | Promise<unknown>;

/** By method and what follows the front in the path. `PUT` and `DELETE` are changes. */
const handlers: Readonly<Record<string, Handler>> = {
  'PUT ': (fronts, target, body) =>
    withValue(parse(frontSchema, body, 'the front'), (front) => fronts.reconcile(target, front)),
  'DELETE ': (fronts, target) => fronts.remove(target),
  'GET shares': (fronts, target) => fronts.getShare(target),
  'PUT shares': (fronts, target, body) =>
    withValue(parse(sharesSchema, body, 'the shares'), (shares) => fronts.setShare(target, shares)),
  'PUT verify': (fronts, target, body) =>
    withValue(parse(sharesSchema, body, 'the shares'), (shares) => fronts.verifyShare(target, shares)),
  'GET stats': (fronts, target) => fronts.stats(target),
  'PUT drain': (fronts, target, body, signal) =>
    withValue(parse(drainSchema, body, 'what to drain'), ({ backend, atMostMs }) =>
      fronts.drain(target, backend, atMostMs, signal),
    ),
};

async function answer(
  fronts: Fronts,
  saved: () => Promise<undefined | Failure>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const result = await carryOut(fronts, request, left.signal);
    const changes = request.method !== 'GET' && !request.url?.endsWith('/verify') && !isFailure(result);
    send(response, (changes ? await saved() : undefined) ?? result ?? {});
  } catch (error) {
    // The edge carries every app's traffic: a fault here is told, and nothing else ends.
    console.error('admin API:', error);
    send(response, fail('server-error', 'The edge met a fault of its own; its log says more.'));
  }
}

async function carryOut(fronts: Fronts, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const refusal = refuse(request);
  if (refusal) return refusal;
  const [path = '', query] = (request.url ?? '').split('?');
  if (query !== undefined) return fail('wrong-value', 'The API of the edge has no query parameters.');
  if (path === '/v1/status' && request.method === 'GET') return fronts.report();
  const [, version, room, environment, app, rest = '', ...more] = path.split('/');
  const handler = handlers[`${request.method} ${rest}`];
  if (version !== 'v1' || room !== 'fronts' || more.length > 0 || !handler) return nothingThere(request);
  const target = {
    environment: parse(nameSchema, environment, 'the environment'),
    app: parse(nameSchema, app, 'the app'),
  };
  if (isFailure(target.environment)) return target.environment;
  if (isFailure(target.app)) return target.app;
  const body = request.method === 'PUT' ? await readJson(request) : undefined;
  if (isFailure(body)) return body;
  return handler(fronts, { environment: target.environment, app: target.app }, body, signal);
}

/** A web page in a browser of this machine must not steer the edge, under whatever name it comes here. */
function refuse({ headers, method }: IncomingMessage): Failure | undefined {
  const name = headers.host?.replace(/:\d+$/, '');
  if (name !== '127.0.0.1' && name !== 'localhost')
    return fail('refused', 'The API of the edge answers under 127.0.0.1 and localhost only.');
  if (headers.origin !== undefined)
    return fail('refused', 'The API of the edge does not answer to web pages.');
  if (method === 'PUT' && !/^application\/json\b/.test(headers['content-type'] ?? ''))
    return fail('wrong-value', 'The API of the edge takes JSON only.', { expected: 'application/json' });
  return undefined;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.length > mostBytes) {
      request.resume();
      return fail('wrong-value', `The API of the edge takes at most ${mostBytes} bytes.`);
    }
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail('wrong-value', 'The body is no JSON.', {
      found: error instanceof Error ? error.message : '',
    });
  }
}

function send(response: ServerResponse, result: unknown): void {
  if (response.closed || response.headersSent) return;
  const failed = isFailure(result);
  const body = JSON.stringify(failed ? { error: result } : result);
  response.writeHead(failed ? statusOf(result) : 200, { 'Content-Type': 'application/json' });
  response.end(body);
}

function statusOf({ code }: Failure): number {
  const statuses: Readonly<Record<string, number>> = {
    'wrong-value': 400,
    refused: 403,
    'no-front': 404,
    'no-free-port': 409,
    'not-drained': 409,
  };
  return statuses[code] ?? 500;
}

function nothingThere(request: IncomingMessage): Failure {
  return fail('wrong-value', `The API of the edge has no ${request.method} ${request.url?.slice(0, 200)}.`);
}

function withValue<T, R>(value: T | Failure, action: (value: T) => R): R | Failure {
  return isFailure(value) ? value : action(value);
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}
