import { realProcesses } from '../host/processes.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Agent } from './agent/agent.ts';
import { startAgent } from './agent/start-agent.ts';
import { type Clusters, createClusters } from './clusters.ts';
import { type Control, controlRoutes } from './control-routes.ts';
import type { DaemonConfig } from './daemon.ts';
import { type LabInfo, labFiles } from './lab-files.ts';
import { type LocalApi, startLocalApi } from './local/local-api.ts';
import { openPortBook, type PortOf } from './port-book.ts';
import { openPorts, type PortPool } from './ports.ts';
import { writeState } from './state-file.ts';
import { openWanted, type WantedBook } from './wanted.ts';

/** A lab that runs in this process. */
export interface RunningLab {
  readonly info: LabInfo;
  /** Resolves when a shutdown was asked for over HTTP, and what it ends has ended. */
  readonly ended: Promise<void>;
  /** Writes everything down and stops listening; tasks stay. */
  close(): Promise<void>;
}

interface Parts {
  readonly config: DaemonConfig;
  readonly wanted: WantedBook;
  readonly pool: PortPool;
  readonly agent: Agent;
  readonly clusters: Clusters;
  readonly portOf: PortOf;
  readonly since: string;
  /** Once it listens. */
  api?: LocalApi;
}

/** Starts agent, APIs and clusters of a workspace, adopting what runs, and writes lab.json. The caller has the lock. */
export async function startLab(config: DaemonConfig): Promise<RunningLab | Failure> {
  const parts = await openParts(config);
  if (isFailure(parts)) return parts;
  const ended = Promise.withResolvers<void>();
  const failure = await listen(parts, ended.resolve);
  if (failure) {
    await closeParts(parts);
    return failure;
  }
  return { info: labInfo(parts), ended: ended.promise, close: () => closeParts(parts) };
}

async function openParts(config: DaemonConfig): Promise<Parts | Failure> {
  const { root } = config;
  const files = labFiles(root);
  const wanted = openWanted(files.wanted);
  const { firstPort, images } = wanted.get();
  const pool = await openPorts({ root, ...(firstPort === undefined ? {} : { first: firstPort }) });
  if (isFailure(pool)) return pool;
  wanted.change({ firstPort: pool.first });
  const agent = startAgent({ root, folder: files.folder, ports: pool, images });
  if (isFailure(agent)) {
    await pool.close();
    return agent;
  }
  const portOf = await openPortBook(pool, wanted);
  if (isFailure(portOf)) {
    await agent.close();
    await pool.close();
    return portOf;
  }
  const clusters = createClusters({ agent, files, portOf });
  return { config, wanted, pool, agent, clusters, portOf, since: new Date().toISOString() };
}

async function listen(parts: Parts, onEnd: () => void): Promise<Failure | undefined> {
  const { config, wanted, agent, clusters } = parts;
  const files = labFiles(config.root);
  const port = await parts.portOf('api');
  if (isFailure(port)) return port;
  const routes = controlRoutes(controlOf(parts, onEnd));
  const info = () => describe(parts);
  const api = await startLocalApi({ agent, folder: files.local, host: agent.host, port, info, routes });
  if (isFailure(api)) return api;
  parts.api = api;
  for (const name of wanted.get().clusters) {
    const urls = await clusters.start(name);
    if (isFailure(urls)) return urls;
  }
  return writeState(files.info, labInfo(parts));
}

function controlOf(parts: Parts, onEnd: () => void): Control {
  const { config, wanted, agent, clusters } = parts;
  return {
    status: () => ({ ...describe(parts), images: wanted.get().images, ...usage(agent) }),
    setImages(images) {
      wanted.change({ images });
      agent.setImages(images);
    },
    async startCluster(name) {
      const urls = await clusters.start(name);
      if (isFailure(urls)) return urls;
      const known = wanted.get().clusters;
      if (!known.includes(name)) wanted.change({ clusters: [...known, name] });
      return writeState(labFiles(config.root).info, labInfo(parts)) ?? urls;
    },
    async shutDown(stopTasks, graceMs) {
      await closeServices(parts); // first, so that nothing is started again
      const survivors = stopTasks ? await agent.stop(graceMs) : [];
      setTimeout(onEnd, 20); // after the answer has gone out
      return survivors;
    },
  };
}

async function closeServices({ clusters, api }: Parts): Promise<void> {
  await Promise.all([clusters.close(), api?.closeServices()]);
}

async function closeParts(parts: Parts): Promise<void> {
  await closeServices(parts);
  await parts.api?.close();
  await parts.agent.close();
  await parts.pool.close();
}

function labInfo({ since, api, clusters }: Parts): LabInfo {
  const startedAt = realProcesses.startTime(process.pid) ?? '';
  return { pid: process.pid, startedAt, since, api: api?.url ?? '', clusters: clusters.urls() };
}

function describe(parts: Parts) {
  const { config, agent, wanted, clusters, api, since } = parts;
  const problems = [
    ...wanted.problems,
    ...agent.problems,
    ...(api?.problems() ?? []),
    ...clusters.problems(),
  ];
  const { version, root } = config;
  const { mounting } = agent;
  return {
    version,
    pid: process.pid,
    since,
    root,
    mounting,
    problems,
    api: api?.url,
    clusters: clusters.urls(),
  };
}

function usage(agent: Agent) {
  const tasks: Record<string, number> = {};
  for (const { state } of agent.tasks()) tasks[state] = (tasks[state] ?? 0) + 1;
  return { tasks, memoryMiB: Math.round(process.memoryUsage.rss() / 1024 / 1024) };
}
