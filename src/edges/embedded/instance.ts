import type { Backend } from '../edge.ts';
import { type Connections, connectionsTo } from './agent.ts';

/** One instance behind a front, and what is in flight to it. */
export interface Instance {
  readonly backend: Backend;
  readonly connections: Connections;
  readonly inFlight: number;
  /** Until when (performance.now) it is asked last, because it refused a connection. */
  suspectUntil: number;
  /** A request goes to it; call the result once when it is over. */
  begin(): () => void;
  /** Resolves to whether nothing is in flight, as soon as that is so or the time is over. */
  idle(atMostMs: number, signal?: AbortSignal): Promise<boolean>;
}

export function createInstance(backend: Backend, connectMs: number): Instance {
  let inFlight = 0;
  const waiting = new Set<() => void>();
  const connections = connectionsTo(backend, connectMs);

  const finish = () => {
    inFlight--;
    if (inFlight > 0) return;
    for (const wake of [...waiting]) wake();
  };

  return {
    backend,
    connections,
    suspectUntil: 0,
    get inFlight() {
      return inFlight;
    },
    begin() {
      inFlight++;
      return once(finish);
    },
    idle(atMostMs, signal) {
      if (inFlight === 0) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const end = once(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        waiting.delete(end);
        resolve(inFlight === 0);
      });
      const timer = setTimeout(end, atMostMs);
      waiting.add(end);
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end);
      return promise;
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
