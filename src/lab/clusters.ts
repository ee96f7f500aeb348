import { mkdirSync } from 'node:fs';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Agent } from './agent/agent.ts';
import type { RunningFacade } from './cluster.ts';
import { facades } from './facades.ts';
import type { ClusterUrls, labFiles } from './lab-files.ts';
import { createOrchestrator } from './orchestrator/create-orchestrator.ts';
import type { Orchestrator } from './orchestrator/orchestrator.ts';
import type { PortOf } from './port-book.ts';

/** The clusters of a running lab. */
export interface Clusters {
  /** Starts a cluster, or finds the one of this name. Failure: what a facade failed with. */
  start(name: string): Promise<ClusterUrls | Failure>;
  urls(): Readonly<Record<string, ClusterUrls>>;
  problems(): readonly string[];
  /** Writes all state down and stops listening; tasks stay. */
  close(): Promise<void>;
}

export interface ClustersOptions {
  readonly agent: Agent;
  readonly files: ReturnType<typeof labFiles>;
  readonly portOf: PortOf;
}

interface Cluster {
  readonly orchestrator: Orchestrator;
  readonly running: readonly RunningFacade[];
  readonly urls: ClusterUrls;
}

export function createClusters(options: ClustersOptions): Clusters {
  const clusters = new Map<string, Promise<Cluster | Failure>>();
  const started = new Map<string, Cluster>();
  const start = async (name: string): Promise<ClusterUrls | Failure> => {
    const starting = clusters.get(name) ?? startCluster(name, options);
    clusters.set(name, starting);
    const cluster = await starting;
    if (isFailure(cluster)) {
      clusters.delete(name);
      return cluster;
    }
    started.set(name, cluster);
    return cluster.urls;
  };
  return {
    start,
    urls: () => Object.fromEntries([...started].map(([name, { urls }]) => [name, urls])),
    problems: () => [...started.values()].flatMap(({ orchestrator }) => orchestrator.problems),
    async close() {
      const all = [...started.values()];
      started.clear();
      await Promise.all(all.map(closeCluster));
    },
  };
}

async function startCluster(name: string, options: ClustersOptions): Promise<Cluster | Failure> {
  const { agent, files, portOf } = options;
  const orchestrator = createOrchestrator({
    name: `marathon:${name}`,
    folder: files.cluster(name, 'orchestrator'),
    agent,
    healthSurvivesRestart: true,
  });
  const urls = new Map<string, string>();
  const running: RunningFacade[] = [];
  const giveUp = async (failure: Failure): Promise<Failure> => {
    await closeCluster({ orchestrator, running });
    return failure;
  };
  const mesosPort = await portOf(`${name}.mesos`);
  if (isFailure(mesosPort)) return giveUp(mesosPort);
  for (const facade of facades) {
    const port = facade.name === 'mesos' ? mesosPort : await portOf(`${name}.${facade.name}`);
    if (isFailure(port)) return giveUp(port);
    const folder = files.cluster(name, facade.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mesosUrl = `http://${agent.host}:${mesosPort}`;
    const one = await facade.start({
      cluster: name,
      agent,
      orchestrator,
      host: agent.host,
      port,
      mesosUrl,
      folder,
    });
    if (isFailure(one)) return giveUp(one);
    running.push(one);
    urls.set(facade.name, one.url);
  }
  orchestrator.start();
  const url = (facade: string): string => urls.get(facade) ?? '';
  const all = { marathon: url('marathon'), chronos: url('chronos'), mesos: url('mesos') };
  return { orchestrator, running, urls: all };
}

async function closeCluster({
  orchestrator,
  running,
}: Pick<Cluster, 'orchestrator' | 'running'>): Promise<void> {
  await Promise.all(running.map((facade) => facade.close()));
  orchestrator.close();
}
