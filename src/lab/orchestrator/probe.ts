import { type ClientRequest, get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect } from 'node:net';

export type ProbeOutcome =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly cause: string }
  /** Neither good nor bad. */
  | { readonly kind: 'ignored' };

export interface ProbeTarget {
  readonly protocol: 'http' | 'https' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
}

/** Looks once at an instance. 200 to 399 is good; 100 to 199 is ignored where wished. */
export async function probe(target: ProbeTarget, ignore1xx: boolean): Promise<ProbeOutcome> {
  if (target.protocol === 'tcp') return probeTcp(target);
  const answer = await ask(target, 0);
  if (answer instanceof Error) return { kind: 'bad', cause: causeOf(answer) };
  if (answer.status >= 200 && answer.status < 400) return { kind: 'good' };
  if (answer.status < 200 && ignore1xx) return { kind: 'ignored' };
  return { kind: 'bad', cause: `${answer.status} ${answer.reason}`.trim() };
}

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly contentType: string;
  /** At most as much as was asked for. */
  readonly body: string;
}

/** One GET without redirects, with at most `bytes` of the body. Certificates are not checked, as in Marathon. */
export function ask(target: ProbeTarget, bytes: number): Promise<Answer | Error> {
  const { promise, resolve } = Promise.withResolvers<Answer | Error>();
  let request: ClientRequest;
  try {
    request = send(target);
  } catch (error) {
    return Promise.resolve(error instanceof Error ? error : new Error(String(error))); // say a blank in the path
  }
  const timer = setTimeout(() => request.destroy(new Error('timeout')), target.timeoutMs);
  const end = (answer: Answer | Error): void => {
    clearTimeout(timer);
    request.destroy();
    resolve(answer);
  };
  request.on('error', end);
  request.on('response', (response) => readSome(response, bytes, end));
  return promise;
}

function send({ protocol, host, port, path }: ProbeTarget): ClientRequest {
  const headers = { 'User-Agent': 'rehome-lab-health', Connection: 'close' };
  const options = { host, port, path, headers, agent: false, rejectUnauthorized: false };
  return (protocol === 'https' ? getHttps : getHttp)(options);
}

function readSome(response: IncomingMessage, bytes: number, end: (answer: Answer | Error) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const done = (): void =>
    end({
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      contentType: response.headers['content-type'] ?? '',
      body: Buffer.concat(chunks).subarray(0, bytes).toString('utf8'),
    });
  if (bytes === 0) {
    done();
    return;
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) done();
  });
  response.on('end', done);
  response.on('error', end);
}

function probeTcp({ host, port, timeoutMs }: ProbeTarget): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (outcome: ProbeOutcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ kind: 'bad', cause: 'timeout' }), timeoutMs);
    socket.once('connect', () => end({ kind: 'good' }));
    socket.once('error', (error) => end({ kind: 'bad', cause: causeOf(error) }));
  });
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
};

function causeOf(error: Error): string {
  return causes[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}
