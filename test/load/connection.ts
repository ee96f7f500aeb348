import { connect } from 'node:net';
import { readAnswer } from './answer.ts';

/** How one request ended. */
export type Ending = { readonly status: number } | { readonly reason: string };

/** One raw connection, used for one request at a time. */
export interface Connection {
  /** Sends bytes and calls back once, when the answer is whole or cannot come any more. Nothing is repeated. */
  send(bytes: string, timeoutMs: number, ended: (ending: Ending, again: boolean) => void): void;
  /** Whether it can carry another request: open, and nobody has said that it ends. */
  readonly usable: boolean;
  destroy(): void;
}

export function open(host: string, port: number): Connection {
  const socket = connect({ host, port, noDelay: true });
  let usable = true;
  let current: ((ending: Ending) => void) | undefined;
  let reader = readAnswer();
  let failure = '';

  const finish = (ending: Ending) => {
    const ended = current;
    current = undefined;
    ended?.(ending);
  };
  socket.on('data', (bytes: Buffer) => {
    const answer = reader.feed(bytes);
    if (answer === undefined) return;
    if (answer === 'garbage' || !answer.keepAlive || !current) usable = false;
    finish(answer === 'garbage' ? { reason: 'garbage' } : answer);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = reasons[error.code ?? ''] ?? error.code ?? error.message;
  });
  socket.on('end', () => {
    usable = false;
  });
  socket.on('close', () => {
    usable = false;
    finish(reader.end() ?? { reason: reasonOf(failure, reader.begun) });
  });

  return {
    get usable() {
      return usable;
    },
    send(bytes, timeoutMs, ended) {
      reader = readAnswer();
      const timer = setTimeout(() => {
        usable = false;
        finish({ reason: 'timeout' });
        socket.destroy();
      }, timeoutMs);
      current = (ending) => {
        clearTimeout(timer);
        ended(ending, usable);
      };
      socket.write(bytes);
    },
    destroy: () => socket.destroy(),
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

function reasonOf(failure: string, begun: boolean): string {
  if (begun) return 'cut off in the answer';
  return failure === '' ? 'closed without an answer' : failure;
}
