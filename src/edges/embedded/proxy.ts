import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer, type ProxyServer } from 'httpxy';
import type { Picked } from './front.ts';
import { isEventStream, originForm, prepareAnswer } from './headers.ts';
import type { Tally } from './tally.ts';

/** One request on its way to one instance. */
export interface Exchange extends Picked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** performance.now() when the request came. */
  readonly arrived: number;
  /** Over a connection of its own. */
  readonly fresh: boolean;
  readonly expectsContinue: boolean;
  readonly mayKeepAlive: () => boolean;
}

/**
 * How it went. `answered`: the head of an answer came and is passed on. `refused`: no connection stood, so
 * nothing was sent. `lost`: the connection ended without one byte of an answer; `lost-idle`: and it had been
 * used before, so that it may have ended before the request came. `broken`: what came is no answer.
 * `left`: the caller has gone.
 */
export type Outcome = 'answered' | 'refused' | 'lost' | 'lost-idle' | 'broken' | 'left';

/** Sends requests to instances. */
export interface RequestProxy {
  send(exchange: Exchange): Promise<Outcome>;
}

interface Attempt {
  readonly exchange: Exchange;
  readonly settle: (outcome: Outcome) => void;
  /** It is not in flight any more. */
  readonly over: () => void;
  sent?: { readonly request: ClientRequest; readonly bytesBefore: number };
}

/** On httpxy, which carries headers and bodies; this file decides from its events how an attempt went. */
export function createProxy(): RequestProxy {
  const attempts = new WeakMap<IncomingMessage, Attempt>();
  const server = createProxyServer();
  server.on('proxyReq', (sent, request) => withAttempt(request, (attempt) => onConnected(attempt, sent)));
  server.on('proxyRes', (answer, request) => withAttempt(request, (attempt) => onAnswer(attempt, answer)));
  server.on('error', (_error, request) => withAttempt(request, onError));
  server.on('econnreset', (_error, request) => withAttempt(request, onError));

  const withAttempt = (request: IncomingMessage | undefined, action: (attempt: Attempt) => void) => {
    const attempt = request && attempts.get(request);
    if (attempt) action(attempt);
  };
  return {
    send(exchange) {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const over = beginCounting(exchange);
      const settle = (outcome: Outcome) => {
        if (outcome !== 'answered') over();
        resolve(outcome);
      };
      exchange.response.once('close', () => {
        over();
        settle('left');
      });
      attempts.set(exchange.request, { exchange, settle, over });
      start(server, exchange);
      return promise;
    },
  };
}

function start(server: ProxyServer, { instance, request, response, fresh }: Exchange): void {
  const { host, port } = instance.backend;
  // Every attempt adds a few listeners; their number is bounded by the attempts.
  response.setMaxListeners(0);
  request.setMaxListeners(0);
  const agent = fresh ? instance.connections.fresh : instance.connections.kept;
  server.web(request, response, { target: { protocol: 'http:', host, port }, agent }).catch(() => {
    // Told by the events already.
  });
}

/** The connection stands; nothing is sent yet. */
function onConnected(attempt: Attempt, sent: ClientRequest): void {
  const { request, response, expectsContinue, fresh } = attempt.exchange;
  attempt.sent = { request: sent, bytesBefore: sent.socket?.bytesRead ?? 0 };
  sent.path = originForm(request.url ?? '/');
  if (request.headers.trailer) request.once('end', () => sent.addTrailers(trailersOf(request)));
  sent.on('information', (information) => {
    if (information.statusCode === 103 && information.headers.link)
      response.writeEarlyHints({ link: information.headers.link });
  });
  if (!fresh) return;
  setImmediate(() => {
    if (!sent.headersSent && !sent.destroyed) sent.flushHeaders();
  });
  if (!expectsContinue) return;
  // The instance decides whether it wants the body; the caller holds it back until then.
  sent.setHeader('Expect', '100-continue');
  sent.once('continue', () => response.writeContinue());
}

function onAnswer(attempt: Attempt, answer: IncomingMessage): void {
  const { pool, instance, overflow, request, response, arrived, ...exchange } = attempt.exchange;
  const { tally } = pool;
  const failed = (answer.statusCode ?? 500) >= 500;
  tally.requests++;
  tally.latency(performance.now() - arrived);
  if (overflow) tally.overflow++;
  if (failed) tally.errors++;
  instance.suspectUntil = 0;
  // A body that was held back and is not wanted leaves the connection in the middle of a message.
  const whole = !exchange.expectsContinue || request.complete;
  prepareAnswer(answer.headers, request, response.shouldKeepAlive && exchange.mayKeepAlive() && whole);
  if (answer.headers.trailer) answer.once('end', () => response.addTrailers(trailersOf(answer)));
  if (isEventStream(answer.headers)) countStream(attempt, tally);
  let wasCut = false;
  const cut = () => {
    if (answer.complete || response.closed || wasCut) return;
    wasCut = true;
    if (!failed) tally.errors++;
    // A reset, so that even a caller who reads to the end of the connection sees that something is missing.
    request.socket.resetAndDestroy();
  };
  answer.once('error', cut);
  answer.once('close', cut);
  // A head without a body yet must not wait for one; most answers are on their way whole before this runs.
  setImmediate(() => {
    if (!response.headersSent && !response.destroyed && !answer.destroyed) response.flushHeaders();
  });
  attempt.settle('answered');
}

function onError(attempt: Attempt): void {
  attempt.settle(whatWentWrong(attempt));
}

function whatWentWrong({ exchange, sent }: Attempt): Outcome {
  if (exchange.response.closed || exchange.request.socket.destroyed) return 'left';
  if (!sent) return 'refused';
  if ((sent.request.socket?.bytesRead ?? 0) > sent.bytesBefore) return 'broken';
  return sent.request.reusedSocket ? 'lost-idle' : 'lost';
}

/** Counts a request as in flight; the result ends that, once. */
function beginCounting(exchange: Exchange): () => void {
  const { pool, instance } = exchange;
  const end = instance.begin();
  pool.tally.inFlight++;
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    pool.tally.inFlight--;
    end();
  };
}

/** An event stream is no request in flight any more: it never ends by itself. */
function countStream({ exchange, over }: Attempt, tally: Tally): void {
  over();
  tally.websockets++;
  exchange.response.once('close', () => {
    tally.websockets--;
  });
}

function trailersOf(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.trailers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
