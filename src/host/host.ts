import type { Failure } from '../model/failure.ts';

/** The effects of this machine and its network. Everything that waits, reads or sends goes through here. */
export interface Host {
  readonly clock: Clock;
  readonly http: Http;
  readonly files: Files;
  readonly processes: Processes;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Http {
  /**
   * One request. Any status is an answer; no answer is a Failure (`unreachable`, `interrupted`).
   * GET and PUT and DELETE are tried again on a refused or cut connection (`retries`, default 2, 100 ms apart,
   * doubling), and so is what is `idempotent`; others only when the connection was refused, because then they surely
   * were not carried out.
   */
  request(request: HttpRequest): Promise<HttpResponse | Failure>;
  /**
   * Server-sent events of one connection until it ends or `signal` aborts. Does not reconnect. `timeoutMs`
   * counts until the server accepts; after that a stream may be silent for ever. A connection that cannot be
   * made or is cut gives one Failure at the end.
   */
  events(request: HttpRequest): AsyncIterable<ServerEvent | Failure>;
  /**
   * The lines of one answer as they come, until it ends or `signal` aborts; like `events`, but of plain text. An
   * answer other than 200 gives one Failure with `found: 'HTTP 404'` and the beginning of its body as `details`.
   */
  lines(request: HttpRequest): AsyncIterable<string | Failure>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  readonly body?: string;
  /** Whole request, default 30,000. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly signal?: AbortSignal;
  readonly tls?: Tls;
  /** Sending it twice does no harm although its method does not say so: it may use a kept connection and be tried again. */
  readonly idempotent?: true;
  /** `events` and `lines` only: the server has accepted; whatever happens from here on is told. */
  readonly onOpen?: () => void;
  /** `events` and `lines` only: does not keep this process alive. */
  readonly background?: boolean;
}

/** How a server is known and who we are to it. Connections are kept per object: give the same object every time. */
export interface Tls {
  /** PEM of an own certificate authority. */
  readonly ca?: string;
  /** PEM of the client's certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** Name in the server's certificate, where it is not the host's. */
  readonly serverName?: string;
  /** Takes any certificate. */
  readonly insecure?: true;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

export interface Files {
  /** Undefined when the file does not exist. */
  read(path: string): string | undefined | Failure;
  /** Whole or not at all: a temporary file, then a rename. Makes the folders. */
  write(path: string, text: string, mode?: number): undefined | Failure;
  append(path: string, text: string): undefined | Failure;
  /** Names in a folder, sorted; empty when it does not exist. */
  list(path: string): readonly string[];
  exists(path: string): boolean;
}

export interface Processes {
  /** Runs `/bin/sh -c command` to its end; output is handed on line by line. Aborting ends its whole group. */
  run(command: string, options?: RunOptions): Promise<Exit>;
  /** Whether a process is alive; `startedAt` (see `startTime`) tells it from a later one with the same pid. */
  alive(pid: number, startedAt?: string): boolean;
  /** When the kernel started a process, opaque text that differs between two processes with the same pid. */
  startTime(pid: number): string | undefined;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

export interface Exit {
  /** Undefined when a signal ended it. */
  readonly code?: number;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** The last lines of both outputs, at most 50. */
  readonly tail: readonly string[];
}
