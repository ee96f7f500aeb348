import type * as nodeHttp from 'node:http';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { realClock } from './clock.ts';
import { isRepeatable, open, parseUrl, shown } from './connection.ts';
import type { HttpRequest, HttpResponse } from './host.ts';

const firstPauseMs = 100;

/** See `Http.request`. */
export async function realRequest(request: HttpRequest): Promise<HttpResponse | Failure> {
  const url = parseUrl(request.url);
  if (isFailure(url)) return url;
  const timeout = AbortSignal.timeout(request.timeoutMs ?? 30_000);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  for (let attempt = 0; ; attempt++) {
    const answer = await attemptOnce(url, request, signal);
    if (!('broken' in answer)) return answer;
    if (request.signal?.aborted) return fail('interrupted', `A request to ${shown(url)} was interrupted.`);
    if (timeout.aborted) return tooSlow(url, request);
    if (attempt >= (request.retries ?? 2) || !mayRepeat(request, answer.broken))
      return explain(url, request, answer.broken);
    await realClock.sleep(firstPauseMs * 2 ** attempt, signal);
  }
}

/** What went wrong on the way, in words for people. */
export function explain(url: URL, request: HttpRequest, error: NodeJS.ErrnoException): Failure {
  const at = shown(url);
  const code = error.code ?? '';
  if (refusals.has(code)) return fail('unreachable', `Nothing answers at ${at}.`, { found: reason(error) });
  if (code === 'BAD_CREDENTIALS') {
    return fail('wrong-value', `The certificates or the key for ${at} cannot be read.`, {
      found: reason(error),
    });
  }
  if (/CERT|SSL|TLS|ALTNAME|VERIFY|INVALID_CA|INVALID_PURPOSE/.test(code)) {
    const hint = 'name the certificate authority of the server with `ca: FILE`';
    return fail('unreachable', `The certificate of ${at} is not accepted.`, { found: reason(error), hint });
  }
  const unsure = isRepeatable(request) ? '' : ' Whether the request was carried out is not known.';
  return fail('unreachable', `The connection to ${at} was cut before the answer was complete.${unsure}`, {
    found: reason(error),
  });
}

const refusals: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

async function attemptOnce(url: URL, request: HttpRequest, signal: AbortSignal) {
  const opened = await open(url, request, signal);
  if ('broken' in opened) return opened;
  const body = await bodyOf(opened.response);
  if (typeof body !== 'string') return body;
  const status = opened.response.statusCode ?? 0;
  return { status, headers: flat(opened.response.headers), body };
}

function mayRepeat(request: HttpRequest, error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNREFUSED' || isRepeatable(request);
}

function bodyOf(response: nodeHttp.IncomingMessage): Promise<string | { broken: NodeJS.ErrnoException }> {
  const { promise, resolve } = Promise.withResolvers<string | { broken: NodeJS.ErrnoException }>();
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('end', () => resolve(text));
  response.on('error', (broken) => resolve({ broken }));
  return promise;
}

function flat(headers: nodeHttp.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}

function tooSlow(url: URL, request: HttpRequest): Failure {
  const seconds = (request.timeoutMs ?? 30_000) / 1000;
  return fail('unreachable', `${shown(url)} did not answer within ${seconds} s.`);
}

/** Node leaves the message empty where several addresses of a name were tried. */
function reason(error: NodeJS.ErrnoException): string {
  return error.message || error.code || 'no reason given';
}
