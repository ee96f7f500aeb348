import { type Failure, fail } from '../../model/failure.ts';
import type { Agent } from '../agent/agent.ts';
import type { ClusterFacade } from '../cluster.ts';
import { isPortTaken, serve } from '../http/server.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import { marathonHandler } from './api/routes.ts';
import type { Marathon } from './context.ts';
import { createRunner } from './deploy/run.ts';
import { eventBus } from './events/bus.ts';
import { translateEvents } from './events/translate.ts';
import { openState } from './state.ts';

export interface MarathonOptions {
  readonly orchestrator: Orchestrator;
  readonly agent: Agent;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Name of the cluster. */
  readonly cluster: string;
  /** For definitions, versions and running deployments. */
  readonly folder: string;
  readonly mesosUrl?: string;
  /** ms since 1970. */
  readonly now?: () => number;
  /** Told of bugs of the facade; the caller got 500. */
  readonly onBug?: (error: unknown) => void;
}

export interface RunningMarathon {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves Marathon 1.11's REST API over an orchestrator. Definitions, versions and running deployments come back
 * from the folder. Fails when the port is taken or the state cannot be read.
 */
export async function startMarathon(options: MarathonOptions): Promise<RunningMarathon | Failure> {
  try {
    return await open(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const code = isPortTaken(error) ? 'no-free-port' : 'file-unusable';
    return fail(code, `Marathon of ${options.cluster} cannot start: ${why}.`, {
      found: options.folder,
    });
  }
}

async function open(options: MarathonOptions): Promise<RunningMarathon> {
  const now = options.now ?? Date.now;
  const host = options.host ?? '127.0.0.1';
  const onBug = options.onBug ?? (() => undefined);
  const state = openState(options.folder, now);
  const events = eventBus(now);
  // The address is known only after listening, where port 0 was asked for.
  let address = `${host}:${options.port}`;
  const marathon: Marathon = {
    state,
    events,
    now,
    orchestrator: options.orchestrator,
    agent: options.agent,
    cluster: options.cluster,
    mesosUrl: options.mesosUrl ?? '',
    onBug,
    get address() {
      return address;
    },
  };
  const runner = createRunner(marathon);
  const stopTranslating = translateEvents(marathon);
  const server = await serve({
    host,
    port: options.port,
    handle: marathonHandler(marathon, runner),
    onBug,
  });
  address = `${host}:${server.port}`;
  runner.resume();
  return {
    url: server.url,
    async close() {
      stopTranslating();
      runner.close();
      await server.close();
    },
  };
}

/** Marathon as a part of a cluster. */
export const marathon: ClusterFacade = {
  name: 'marathon',
  start: ({ cluster, agent, orchestrator, host, port, mesosUrl, folder }) =>
    startMarathon({ cluster, agent, orchestrator, host, port, mesosUrl, folder }),
};
