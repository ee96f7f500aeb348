import type { IncomingMessage } from 'node:http';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { parseUrl, shown } from './connection.ts';
import type { HttpRequest, ServerEvent } from './host.ts';
import { serverEvents } from './sse.ts';
import { chunks, head } from './stream.ts';

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
    const answer = await head(url, request, 'text/event-stream', signal);
    if (isFailure(answer)) return answer;
    if (answer.statusCode === 200) return answer;
    answer.resume();
    const next = answer.headers.location && URL.parse(answer.headers.location, url.href);
    if (!next || (url.protocol === 'https:' && next.protocol !== 'https:')) return notAStream(url, answer);
    url = next;
  }
  return fail('server-error', `${shown(start)} sends its listeners round in circles.`);
}

async function* frames(url: URL, request: HttpRequest, response: IncomingMessage) {
  const parse = serverEvents();
  for await (const chunk of chunks(url, request, response)) {
    if (isFailure(chunk)) yield chunk;
    else yield* parse(chunk);
  }
}

function notAStream(url: URL, head: IncomingMessage): Failure {
  const found = `HTTP ${head.statusCode}`;
  const code = (head.statusCode ?? 0) >= 500 ? 'server-error' : 'refused';
  return fail(code, `${shown(url)} gives no stream of events.`, { found, expected: 'HTTP 200' });
}
