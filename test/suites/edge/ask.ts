import * as http from 'node:http';
import { connect } from 'node:net';
import type { Front } from '../../../src/edges/edge.ts';
import type { Echo } from './instance.ts';

export interface Asked {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly trailers?: Readonly<Record<string, string>>;
  /** Default: a connection of its own. */
  readonly agent?: http.Agent;
}

/** One request; rejects when the answer is cut off. */
export function ask({ address }: Front, question: Question = {}): Promise<Asked> {
  const { promise, resolve, reject } = Promise.withResolvers<Asked>();
  const { method = 'GET', path = '/', headers = {} } = question;
  const request = http.request({ ...address, method, path, headers, agent: question.agent ?? false });
  request.on('error', reject);
  request.on('response', (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode = 0, headers, trailers } = response;
      resolve({ status: statusCode, headers, trailers, body });
    });
  });
  if (question.trailers) request.addTrailers(question.trailers);
  request.end(question.body);
  return promise;
}

export async function askEcho(front: Front, question: Question = {}): Promise<Echo> {
  return JSON.parse((await ask(front, question)).body) as Echo;
}

/** Sends bytes as they are and gives back all that comes until the connection ends, or until something has come. */
export function askRaw(
  { address }: Front,
  bytes: string,
  enough?: RegExp,
): Promise<{ text: string; reset: boolean }> {
  const { promise, resolve } = Promise.withResolvers<{ text: string; reset: boolean }>();
  const socket = connect(address);
  let text = '';
  let reset = false;
  socket.setEncoding('latin1').on('data', (more) => {
    text += more;
    if (enough?.test(text)) socket.destroy();
  });
  socket.on('error', () => {
    reset = true;
  });
  socket.on('close', () => resolve({ text, reset }));
  socket.write(bytes);
  return promise;
}
