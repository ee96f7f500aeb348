import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Backend } from '../../../src/edges/edge.ts';
import { type Failure, fail } from '../../../src/model/failure.ts';

/**
 * A home that tells its instances over HTTP, so that an edge in another process can follow it. Asking for the
 * value after number n says that value n was taken in and what left is drained.
 */
export interface TestHome {
  readonly url: string;
  /** The instances from now on; resolves when the edge has asked for what comes after. */
  set(backends: readonly Backend[]): { readonly acknowledged: Promise<void> };
  /** Answers with errors from now on, until the next `set`. */
  breakDown(): void;
  stop(): Promise<void>;
}

interface Value {
  readonly number: number;
  readonly backends: readonly Backend[];
  readonly acknowledge: () => void;
}

export async function startHome(): Promise<TestHome> {
  let value: Value = { number: 0, backends: [], acknowledge: () => {} };
  let broken = false;
  let waiting: ServerResponse[] = [];
  const tell = (response: ServerResponse) => {
    response.end(JSON.stringify({ number: value.number, backends: value.backends }));
  };
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('after'));
    if (broken) return void response.writeHead(500).end();
    if (after < value.number) return tell(response);
    value.acknowledge();
    waiting.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    set(backends) {
      const { promise, resolve } = Promise.withResolvers<void>();
      value = { number: value.number + 1, backends, acknowledge: resolve };
      broken = false;
      for (const response of waiting) tell(response);
      waiting = [];
      return { acknowledged: promise };
    },
    breakDown() {
      broken = true;
      for (const response of waiting) response.destroy();
      waiting = [];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The edge's side of it. */
export async function* followHome(
  url: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Backend[] | Failure> {
  for (let after = 0; !signal.aborted; ) {
    try {
      const response = await fetch(`${url}?after=${after}`, { signal });
      if (!response.ok) yield fail('server-error', `The test home answers ${response.status}.`);
      const value = (await response.json()) as { number: number; backends: readonly Backend[] };
      after = value.number;
      yield value.backends;
    } catch (error) {
      if (!signal.aborted) yield fail('unreachable', `The test home does not answer: ${error}`);
    }
  }
}
