import type { Clock, HttpRequest } from '../host/host.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Api } from './api.ts';
import { type Json, parseJson, record } from './json.ts';

/**
 * The events of a home, one connection for all who listen there. Events are told from the moment of the
 * connection on and nothing is told twice, so whoever listens looks again after every `connected`.
 */
export interface Listener {
  /** Opens the connection where there is none. Returns the way to stop listening. */
  listen(hear: (news: News) => void): () => void;
  /** Changes with everything that is heard of a subject and of those beside it (`/hcn-worker`); compare two of them. */
  mark(id: string): string;
  connected(): boolean;
}

export type News =
  | { readonly type: 'connected' }
  /** No events for the time being: look from time to time. */
  | { readonly type: 'lost' }
  | ({ readonly type: 'event' } & Heard);

export interface Heard {
  readonly name: string;
  /** Whom it is about. */
  readonly subjects: readonly string[];
  readonly data: Json;
}

/** Where events come from. */
export interface EventSource {
  /** Events of one connection until it ends; whatever happens after `onOpen` is told. Does not reconnect. */
  stream(more: Pick<HttpRequest, 'onOpen' | 'background'>): AsyncIterable<Heard | Failure>;
}

/** Server-sent events of an API. */
export function serverEvents(
  api: Api,
  path: string,
  subjects: (data: Json) => readonly string[],
): EventSource {
  return {
    async *stream(more) {
      for await (const event of api.events(path, more)) {
        if (isFailure(event)) {
          yield event;
          continue;
        }
        const data = record(parseJson(event.data));
        yield { name: event.event, subjects: subjects(data), data };
      }
    },
  };
}

const againMs = 1_000;
/** Whoever listens from time to time keeps the connection for this long. */
const lingerMs = 10_000;

export function listenerOn(source: EventSource, clock: Clock): Listener {
  const hearers = new Set<(news: News) => void>();
  const counts = new Map<string, number>();
  let changes = 0;
  let state: 'idle' | 'connecting' | 'connected' = 'idle';
  let lastUse = 0;
  let notBefore = 0;

  function tell(news: News): void {
    if (news.type !== 'event') changes++;
    else for (const one of news.subjects) counts.set(one, (counts.get(one) ?? 0) + 1);
    for (const hear of hearers) hear(news);
  }

  async function stayConnected(): Promise<void> {
    while (hearers.size > 0) {
      state = 'connecting';
      await connectOnce();
      state = 'idle';
      notBefore = clock.now() + againMs;
      tell({ type: 'lost' });
      if (hearers.size > 0) await clock.sleep(againMs);
    }
  }

  async function connectOnce(): Promise<void> {
    const onOpen = () => {
      state = 'connected';
      tell({ type: 'connected' });
    };
    for await (const heard of source.stream({ onOpen, background: true })) {
      if (isFailure(heard)) return;
      if (hearers.size === 0 && clock.now() - lastUse > lingerMs) return;
      tell({ type: 'event', ...heard });
    }
  }

  function listen(hear: (news: News) => void): () => void {
    hearers.add(hear);
    if (state === 'idle' && hearers.size === 1 && clock.now() >= notBefore) void stayConnected();
    return () => {
      hearers.delete(hear);
      lastUse = clock.now();
    };
  }

  function mark(id: string): string {
    const own = [...counts].filter(
      ([one]) => one === id || one.startsWith(`${id}-`) || one.startsWith(`${id}.`),
    );
    return `${changes} ${own.reduce((sum, [, count]) => sum + count, 0)}`;
  }

  return { listen, mark, connected: () => state === 'connected' };
}
