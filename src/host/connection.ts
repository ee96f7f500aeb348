import * as http from 'node:http';
import type * as https from 'node:https';
import { type Failure, fail } from '../model/failure.ts';
import type { HttpRequest } from './host.ts';

/** One connection's worth of a request: no retries, no reading of the body. */
export type Opened = { readonly response: http.IncomingMessage } | { readonly broken: NodeJS.ErrnoException };

/**
 * A pooled connection may be closed by the server at the very moment it is used again. A request that must
 * not be sent twice therefore gets a connection of its own, so that a cut never leaves us guessing for nothing.
 */
const pools = new Map<string, http.Agent>();

/** Sends the request and waits for the head of the answer. */
export async function open(url: URL, request: HttpRequest, signal: AbortSignal): Promise<Opened> {
  const secure = url.protocol === 'https:';
  const module = secure ? await import('node:https') : http;
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  const { promise, resolve } = Promise.withResolvers<Opened>();
  const sent = module.request(url, {
    method: request.method ?? 'GET',
    headers: headersOf(request, body),
    agent: isRepeatable(request) ? pool(url.protocol, module) : false,
    signal,
    ...(request.ca ? { ca: request.ca } : {}),
  });
  sent.on('response', (response) => resolve({ response }));
  sent.on('error', (broken) => resolve({ broken }));
  sent.end(body);
  return promise;
}

/** Whether sending it a second time has the same effect as sending it once. */
export function isRepeatable(request: HttpRequest): boolean {
  return request.method !== 'POST' && request.method !== 'PATCH';
}

/** The address for messages: without credentials and query. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}

export function parseUrl(text: string): URL | Failure {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  return fail('wrong-value', 'An address is not an http or https URL.', {
    found: text,
    expected: 'http://host:port/path',
  });
}

function headersOf(request: HttpRequest, body: string | undefined): http.OutgoingHttpHeaders {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const type = request.json === undefined ? {} : { 'content-type': 'application/json' };
  return { accept: 'application/json', ...type, ...length, ...request.headers };
}

function pool(protocol: string, module: typeof http | typeof https): http.Agent {
  const known = pools.get(protocol) ?? new module.Agent({ keepAlive: true, scheduling: 'lifo' });
  pools.set(protocol, known);
  return known;
}
