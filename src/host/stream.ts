import type { IncomingMessage } from 'node:http';
import { type Failure, fail } from '../model/failure.ts';
import { open, shown } from './connection.ts';
import type { HttpRequest } from './host.ts';
import { explain } from './http.ts';

/** Begins an answer that may last for ever: only its head has to come in time. */
export async function head(
  url: URL,
  request: HttpRequest,
  accept: string,
  signal: AbortSignal,
): Promise<IncomingMessage | Failure> {
  const slow = new AbortController();
  const ms = request.timeoutMs ?? 30_000;
  const timer = setTimeout(() => slow.abort(), ms);
  const headers = { accept, ...request.headers };
  const either = AbortSignal.any([signal, slow.signal]);
  const opened = await open(url, { ...request, headers }, either, 'stream');
  clearTimeout(timer);
  if ('response' in opened) return opened.response;
  if (slow.signal.aborted) return fail('unreachable', `${shown(url)} did not answer within ${ms / 1000} s.`);
  return explain(url, request, opened.broken);
}

/** The text of an answer as it comes; a cut gives one Failure at the end, an abort just ends it. */
export async function* chunks(
  url: URL,
  request: HttpRequest,
  response: IncomingMessage,
): AsyncGenerator<string | Failure> {
  response.setEncoding('utf8');
  response.socket.setKeepAlive(true, 15_000);
  if (request.background) response.socket.unref();
  try {
    for await (const chunk of response) yield String(chunk);
  } catch (error) {
    if (request.signal?.aborted) return;
    yield explain(url, request, error as NodeJS.ErrnoException);
  }
}
