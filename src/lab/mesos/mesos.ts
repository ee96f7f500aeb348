import { type Failure, fail } from '../../model/failure.ts';
import type { Agent } from '../agent/agent.ts';
import type { ClusterFacade } from '../cluster.ts';
import { empty, type Handler, json } from '../http/message.ts';
import { type Route, router } from '../http/router.ts';
import { isPortTaken, serve } from '../http/server.ts';
import { browse, download, readFile } from './files.ts';
import { agentState, bothStates, type Cluster, masterState, slaves } from './state.ts';

export interface MesosOptions {
  readonly agent: Agent;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Name of the cluster: only its tasks are seen. */
  readonly cluster: string;
}

export interface RunningMesos {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the little of Mesos' master and agent that a reader of logs needs. Fails when the port is taken. */
export async function startMesos(options: MesosOptions): Promise<RunningMesos | Failure> {
  const { agent, cluster, port, host = '127.0.0.1' } = options;
  let address = `${host}:${port}`;
  const view: Cluster = {
    agent,
    cluster,
    get address() {
      return address;
    },
  };
  try {
    const server = await serve({ host, port, handle: mesosHandler(view) });
    address = `${host}:${server.port}`;
    return server;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      isPortTaken(error) ? 'no-free-port' : 'unreachable',
      `Mesos of ${cluster} cannot start: ${why}.`,
    );
  }
}

/** Old clients put `.json` behind every path. */
function mesosHandler(cluster: Cluster): Handler {
  const find = router(routes(cluster));
  return (request) => {
    const match = find(request.method, request.path.replace(/\.json$/, ''));
    if (match.kind === 'found') return match.handle(request);
    return empty(match.kind === 'unknown' ? 404 : 405);
  };
}

function routes(cluster: Cluster): readonly Route[] {
  return [
    ['GET', '/health', () => empty(200)],
    ['GET', '/state', () => json(200, bothStates(cluster))],
    ['GET', '/master/state', () => json(200, masterState(cluster))],
    ['GET', '/slave(1)/state', () => json(200, agentState(cluster))],
    ['GET', '/slaves', () => json(200, { slaves: slaves(cluster) })],
    ['GET', '/master/slaves', () => json(200, { slaves: slaves(cluster) })],
    ['GET', '/files/read', (request) => readFile(cluster, request)],
    ['GET', '/files/browse', (request) => browse(cluster, request)],
    ['GET', '/files/download', (request) => download(cluster, request)],
  ];
}

/** The Mesos endpoints as a part of a cluster. */
export const mesos: ClusterFacade = {
  name: 'mesos',
  start: ({ agent, cluster, host, port }) => startMesos({ agent, cluster, host, port }),
};
