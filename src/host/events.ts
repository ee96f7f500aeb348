import type { IncomingMessage } from 'node:http';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { open, parseUrl, shown } from './connection.ts';
import type { HttpRequest, ServerEvent } from './host.ts';
import { explain } from './http.ts';
import { serverEvents } from './sse.ts';

/** See `Http.events`. */
export async function* realEvents(request: HttpRequest): AsyncIterable<ServerEvent | Failure> {
  const url = parseUrl(request.url);
  if (isFailure(url)) return yield url;
  const leave = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, leave.signal]) : leave.signal;
  try {
    const response = await connect(url, request, signal);
    if (signal.aborted) return;
    if (isFailure(response)) return yield response;
    request.onOpen?.();
    yield* frames(url, request, response);
  } finally {
    leave.abort();
  }
}

const mostRedirects = 3;

/** A server that is not the leader sends the listener on to the leader; it is trusted to name it. */
async function connect(start: URL, request: HttpRequest, signal: AbortSignal) {
  let url = start;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const head = await withDeadline(url, request, signal);
    if (isFailure(head)) return head;
    if (head.statusCode === 200) return head;
    head.resume();
    const next = head.headers.location && URL.parse(head.headers.location, url.href);
    if (!next || (url.protocol === 'https:' && next.protocol !== 'https:')) return notAStream(url, head);
    url = next;
  }
  return fail('server-error', `${shown(start)} sends its listeners round in circles.`);
}

async function withDeadline(url: URL, request: HttpRequest, signal: AbortSignal) {
  const slow = new AbortController();
  const ms = request.timeoutMs ?? 30_000;
  const timer = setTimeout(() => slow.abort(), ms);
  const headers = { accept: 'text/event-stream', ...request.headers };
  const opened = await open(url, { ...request, headers }, AbortSignal.any([signal, slow.signal]));
  clearTimeout(timer);
  if ('response' in opened) return opened.response;
  if (slow.signal.aborted) return fail('unreachable', `${shown(url)} did not answer within ${ms / 1000} s.`);
  return explain(url, request, opened.broken);
}

async function* frames(url: URL, request: HttpRequest, response: IncomingMessage) {
  response.setEncoding('utf8');
  response.socket.setKeepAlive(true, 15_000);
  if (request.background) response.socket.unref();
  const parse = serverEvents();
  try {
    for await (const chunk of response) yield* parse(String(chunk));
  } catch (error) {
    if (request.signal?.aborted) return;
    yield explain(url, request, error as NodeJS.ErrnoException);
  }
}

function notAStream(url: URL, head: IncomingMessage): Failure {
  const found = `HTTP ${head.statusCode}`;
  const code = (head.statusCode ?? 0) >= 500 ? 'server-error' : 'refused';
  return fail(code, `${shown(url)} gives no stream of events.`, { found, expected: 'HTTP 200' });
}
