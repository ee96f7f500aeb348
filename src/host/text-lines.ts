import type { IncomingMessage } from 'node:http';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { parseUrl, shown } from './connection.ts';
import type { HttpRequest } from './host.ts';
import { lineSplitter } from './lines.ts';
import { chunks, head } from './stream.ts';

/** See `Http.lines`. */
export async function* realLines(request: HttpRequest): AsyncIterable<string | Failure> {
  const url = parseUrl(request.url);
  if (isFailure(url)) return yield url;
  const leave = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, leave.signal]) : leave.signal;
  try {
    const response = await head(url, request, '*/*', signal);
    if (signal.aborted) return;
    if (isFailure(response)) return yield response;
    if (response.statusCode !== 200) return yield await refusal(url, request, response);
    request.onOpen?.();
    yield* linesOf(chunks(url, request, response));
  } finally {
    leave.abort();
  }
}

/** An answer other than 200, as a Failure with the beginning of what it says. */
export function noLines(at: string, status: number, body: string): Failure {
  const code = status >= 500 ? 'server-error' : 'refused';
  const details = body.slice(0, mostOfRefusal);
  return fail(code, `${at} gives no lines.`, {
    found: `HTTP ${status}`,
    expected: 'HTTP 200',
    ...(details === '' ? {} : { details }),
  });
}

const mostOfRefusal = 4_000;

async function refusal(url: URL, request: HttpRequest, response: IncomingMessage): Promise<Failure> {
  let body = '';
  for await (const chunk of chunks(url, request, response)) {
    if (isFailure(chunk) || body.length > mostOfRefusal) break;
    body += chunk;
  }
  return noLines(shown(url), response.statusCode ?? 0, body);
}

async function* linesOf(text: AsyncIterable<string | Failure>): AsyncGenerator<string | Failure> {
  const ready: string[] = [];
  const splitter = lineSplitter((line) => ready.push(line));
  for await (const chunk of text) {
    if (isFailure(chunk)) {
      yield chunk;
      return;
    }
    splitter.push(chunk);
    yield* ready.splice(0);
  }
  splitter.end();
  yield* ready;
}
