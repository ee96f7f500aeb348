/** One event as the stream carries it; `eventType` and `timestamp` come last, as in Marathon. */
export interface MarathonEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** ms since 1970. */
  readonly at: number;
}

export interface EventBus {
  publish(type: string, data: Readonly<Record<string, unknown>>, at?: number): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: MarathonEvent) => void): () => void;
}

export function eventBus(now: () => number): EventBus {
  const listeners = new Set<(event: MarathonEvent) => void>();
  return {
    publish(type, data, at = now()) {
      for (const listener of listeners) listener({ type, data, at });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `event: T\r\ndata: {…}\r\n\r\n`; no id, so a reader that comes back has missed what happened meanwhile. */
export function frame(event: MarathonEvent): string {
  const timestamp = new Date(event.at).toISOString();
  const data = JSON.stringify({ ...event.data, eventType: event.type, timestamp });
  return `event: ${event.type}\r\ndata: ${data}\r\n\r\n`;
}
