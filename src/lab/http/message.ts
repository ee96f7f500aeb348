import type { IncomingHttpHeaders } from 'node:http';

/** One request as a handler sees it: whole, decoded and within the limit. */
export interface Request {
  readonly method: string;
  /** Path with percent-encoding undone, query cut off. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What the `{names}` of the matched route stand for. */
  readonly params: Readonly<Record<string, string>>;
  /** Address of the caller. */
  readonly remote: string;
}

/** An answer: a whole body, or a stream that stays open until the handler or the caller ends it. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly stream?: (stream: Stream) => void;
}

/** The open end of a streamed answer. */
export interface Stream {
  /** False when the caller has gone, or reads so slowly that it was cut off. */
  send(text: string): boolean;
  end(): void;
  /** Aborts when the caller has gone or the server closes. */
  readonly closed: AbortSignal;
}

export type Handler = (request: Request) => Reply | Promise<Reply>;

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** An answer in plain text. */
export function text(status: number, value: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'Content-Type': 'text/plain', ...headers }, body: value };
}

/** An answer without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers };
}
