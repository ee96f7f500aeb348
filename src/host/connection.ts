import * as http from 'node:http';
import { type Failure, fail } from '../model/failure.ts';
import { agentsFor } from './agents.ts';
import type { HttpRequest } from './host.ts';

/** One connection's worth of a request: no retries, no reading of the body. */
export type Opened = { readonly response: http.IncomingMessage } | { readonly broken: NodeJS.ErrnoException };

/**
 * Sends the request and waits for the head of the answer. A kept connection may be closed by the server at the very
 * moment it is used again. A request that must not be sent twice therefore gets one of its own, so that a cut never
 * leaves us guessing for nothing; and so does a `stream`, which would keep others from it.
 */
export async function open(
  url: URL,
  request: HttpRequest,
  signal: AbortSignal,
  use?: 'stream',
): Promise<Opened> {
  const agents = await agentsFor(url, request).catch((broken: NodeJS.ErrnoException) => ({ broken }));
  if ('broken' in agents) return agents;
  const module = url.protocol === 'https:' ? await import('node:https') : http;
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  const { promise, resolve } = Promise.withResolvers<Opened>();
  const sent = module.request(url, {
    method: request.method ?? 'GET',
    headers: headersOf(request, body),
    agent: isRepeatable(request) && !use ? agents.kept : agents.own,
    signal,
  });
  sent.on('response', (response) => resolve({ response }));
  sent.on('error', (broken) => resolve({ broken }));
  sent.end(body);
  return promise;
}

/** Whether sending it a second time has the same effect as sending it once. */
export function isRepeatable({ method, idempotent }: HttpRequest): boolean {
  return idempotent === true || (method !== 'POST' && method !== 'PATCH');
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
