import type { Clock } from '../../host/host.ts';
import { type Failure, fail } from '../../model/failure.ts';
import type { Agent } from '../agent/agent.ts';
import type { ClusterFacade } from '../cluster.ts';
import { isPortTaken, serve } from '../http/server.ts';
import { chronosHandler } from './api.ts';
import { openJobStore } from './record.ts';
import { startScheduler } from './scheduler.ts';
import { lateView } from './view.ts';

export interface ChronosOptions {
  readonly agent: Agent;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Name of the cluster. */
  readonly cluster: string;
  /** For jobs, their counters and their runs. */
  readonly folder: string;
  /** Another clock for tests. */
  readonly clock?: Clock;
  /** How long a submission stays unseen by GETs, ms; default 20. */
  readonly lateMs?: number;
  readonly onBug?: (error: unknown) => void;
}

export interface RunningChronos {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves Chronos' REST API (3.x under /v1/scheduler, 2.x under /scheduler) and runs its jobs on the agent. Jobs come
 * back from the folder; runs that ended meanwhile are counted. Fails when the port is taken or the state cannot be
 * read.
 */
export async function startChronos(options: ChronosOptions): Promise<RunningChronos | Failure> {
  try {
    return await open(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const code = isPortTaken(error) ? 'no-free-port' : 'file-unusable';
    return fail(code, `Chronos of ${options.cluster} cannot start: ${why}.`, {
      found: options.folder,
    });
  }
}

async function open(options: ChronosOptions): Promise<RunningChronos> {
  const clock = options.clock ?? wallClock;
  const host = options.host ?? '127.0.0.1';
  const store = openJobStore(options.folder);
  let address = `${host}:${options.port}`;
  const onBug = options.onBug ?? (() => undefined);
  const owner = `chronos:${options.cluster}`;
  const scheduler = startScheduler({ store, agent: options.agent, clock, owner, onBug });
  const chronos = {
    scheduler,
    view: lateView(store.records, options.lateMs ?? 20),
    now: () => clock.now(),
    get address() {
      return address;
    },
  };
  const server = await serve({
    host,
    port: options.port,
    handle: chronosHandler(chronos),
    onBug,
  }).catch((error: unknown) => {
    scheduler.close();
    throw error;
  });
  address = `${host}:${server.port}`;
  return {
    url: server.url,
    async close() {
      scheduler.close();
      await server.close();
    },
  };
}

const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    }),
};

/** Chronos as a part of a cluster. */
export const chronos: ClusterFacade = {
  name: 'chronos',
  start: ({ cluster, agent, host, port, folder }) => startChronos({ cluster, agent, host, port, folder }),
};
