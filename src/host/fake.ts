import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Clock, Files, Host, HttpRequest, HttpResponse, Processes } from './host.ts';
import { noLines } from './text-lines.ts';

/** A Host for tests: a clock that is moved by hand, files in memory, and no network or processes but what is given. */
export interface FakeHost extends Host {
  readonly clock: FakeClock;
}

export function fakeHost(parts: Partial<Omit<Host, 'clock'>> & { clock?: FakeClock } = {}): FakeHost {
  return {
    clock: parts.clock ?? fakeClock(),
    http: parts.http ?? fakeHttp(() => undefined),
    files: parts.files ?? memoryFiles(),
    processes: parts.processes ?? noProcesses,
  };
}

export interface FakeClock extends Clock {
  /** Moves time on; sleepers wake in the order of their times, and may sleep again on the way. */
  advance(ms: number): Promise<void>;
  /** Resolves as soon as somebody sleeps. */
  asleep(): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  wake(): void;
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const waiting: (() => void)[] = [];

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper: Sleeper = {
      due: now + ms,
      wake() {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', sleeper.wake);
        resolve();
      },
    };
    sleepers.add(sleeper);
    signal?.addEventListener('abort', sleeper.wake);
    for (const tell of waiting.splice(0)) tell();
    return promise;
  }

  async function advance(ms: number): Promise<void> {
    const end = now + ms;
    for (;;) {
      await settle();
      const next = [...sleepers].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      now = Math.max(now, next.due);
      next.wake();
    }
    now = end;
  }

  const asleep = () =>
    sleepers.size > 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
  return { now: () => now, sleep, advance, asleep };
}

/** Lets everything run that can run without time passing. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type Answer = (request: HttpRequest) => HttpResponse | Failure | undefined;

/** Answers from a function; undefined means that nothing listens there. */
export function fakeHttp(answer: Answer): Host['http'] {
  const nothing = (url: string) => fail('unreachable', `Nothing answers at ${url}.`);
  return {
    request: async (request) => answer(request) ?? nothing(request.url),
    async *events(request) {
      yield nothing(request.url);
    },
    async *lines(request) {
      const response = answer(request) ?? nothing(request.url);
      if (isFailure(response)) yield response;
      else if (response.status !== 200) yield noLines(request.url, response.status, response.body);
      else yield* response.body.split('\n').filter((line) => line !== '');
    },
  };
}

export function memoryFiles(files: Map<string, string> = new Map()): Files {
  return {
    read: (path) => files.get(path),
    write(path, text) {
      files.set(path, text);
      return undefined;
    },
    append(path, text) {
      files.set(path, (files.get(path) ?? '') + text);
      return undefined;
    },
    list(path) {
      const inside = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
      return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))].sort();
    },
    exists: (path) => files.has(path) || [...files.keys()].some((name) => name.startsWith(`${path}/`)),
  };
}

const noProcesses: Processes = {
  run: async (command) => ({ code: 127, timedOut: false, tail: [`${command}: not run by a fake host`] }),
  alive: () => false,
  startTime: () => undefined,
};
