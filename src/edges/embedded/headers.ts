import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** RFC 9110, 7.6.1: these are for one connection. `Transfer-Encoding` is Node's own to choose anew. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'upgrade'];

/**
 * Makes the headers of a request ready for the instance, in place: what is meant for this connection alone goes,
 * X-Forwarded-* come. `Expect` goes too, see proxy.ts.
 */
export function prepareRequest(request: IncomingMessage, port: number): void {
  const { headers } = request;
  const trailers = /(^|,)\s*trailers\s*(;|,|$)/i.test(String(headers.te ?? ''));
  removeHopByHop(headers);
  if (trailers) headers.te = 'trailers';
  delete headers.expect;
  const unsized = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  if (unsized && mayHaveBody(request.method)) headers['content-length'] = '0';
  forward(request, port);
}

/** The same for a request that asks for a websocket. */
export function prepareUpgrade(request: IncomingMessage, port: number): void {
  const { headers } = request;
  removeHopByHop(headers);
  headers.connection = 'Upgrade';
  headers.upgrade = 'websocket';
  forward(request, port);
}

/** Makes the headers of an answer ready for the caller, in place. */
export function prepareAnswer(
  headers: IncomingHttpHeaders,
  request: IncomingMessage,
  keepAlive: boolean,
): void {
  removeHopByHop(headers);
  delete headers['transfer-encoding'];
  // Trailers need chunks; Node throws where they are announced and cannot come.
  const chunks = headers['content-length'] === undefined && request.httpVersion !== '1.0';
  if (!chunks || request.method === 'HEAD') delete headers.trailer;
  headers.connection = keepAlive ? 'keep-alive' : 'close';
}

/** Whether a request can be sent a second time: it changes nothing by definition, and has no body to lose. */
export function isRepeatable(request: IncomingMessage): boolean {
  const { headers, method } = request;
  const empty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  return empty && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');
}

/** The target as the instance is to see it: a caller may send the absolute form, meant for proxies. */
export function originForm(target: string): string {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target);
  if (!absolute) return target;
  const rest = target.slice(absolute[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.toLowerCase().startsWith('text/event-stream') ?? false;
}

function removeHopByHop(headers: IncomingHttpHeaders): void {
  const named = headers.connection?.toLowerCase().split(',') ?? [];
  for (const name of named) {
    const header = name.trim();
    // A caller must not be able to take away what the message is made of.
    if (header !== 'content-length' && header !== 'transfer-encoding' && header !== 'host')
      delete headers[header];
  }
  for (const name of hopByHop) delete headers[name];
}

function forward({ headers, socket }: IncomingMessage, port: number): void {
  const before = headers['x-forwarded-for'];
  const caller = socket.remoteAddress ?? 'unknown';
  headers['x-forwarded-for'] = before ? `${before}, ${caller}` : caller;
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-forwarded-port'] ??= String(port);
  if (headers.host !== undefined) headers['x-forwarded-host'] ??= headers.host;
}

function mayHaveBody(method: string | undefined): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'TRACE';
}
