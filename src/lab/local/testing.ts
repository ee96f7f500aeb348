import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Bench, type BenchOptions, must, openBench } from '../testing.ts';
import { type LocalApi, startLocalApi } from './local-api.ts';

/** A real local API over a real agent, for tests. */
export interface ApiBench {
  readonly bench: Bench;
  /** One request; the body and the answer are JSON. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }>;
  /** Server-sent events of a path, as they come; `close` lets go of the stream. */
  events(path: string): Promise<Events>;
  /** As after the death of the daemon. */
  restart(): Promise<void>;
  url(): string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at by the tests, which say what they expect
export type Answer = any;

export interface Events {
  readonly seen: readonly { readonly event: string; readonly data: Answer }[];
  close(): void;
}

export async function openApi(context: TestContext, options: BenchOptions = {}): Promise<ApiBench> {
  const bench = await openBench(context, options);
  const begin = async (): Promise<LocalApi> =>
    must(
      await startLocalApi({
        agent: bench.agent(),
        folder: join(bench.folder, 'local'),
        host: '127.0.0.1',
        port: 0,
        info: () => ({}),
      }),
    );
  let api = await begin();
  context.after(() => api.close());
  return {
    bench,
    url: () => api.url,
    async call(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${api.url}${path}`, { method, ...init });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : undefined };
    },
    events: (path) => openEvents(context, `${api.url}${path}`),
    async restart() {
      await api.close();
      await bench.restart();
      api = await begin();
    },
  };
}

async function openEvents(context: TestContext, url: string): Promise<Events> {
  const stop = new AbortController();
  context.after(() => stop.abort());
  const answer = await fetch(url, { signal: stop.signal });
  const seen: { event: string; data: Answer }[] = [];
  void readEvents(answer, seen).catch(() => undefined);
  return { seen, close: () => stop.abort() };
}

async function readEvents(answer: Response, seen: { event: string; data: Answer }[]): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const found = /^event: (.*)\ndata: (.*)$/.exec(frame);
      if (found) seen.push({ event: found[1] ?? '', data: JSON.parse(found[2] ?? 'null') });
    }
  }
}
