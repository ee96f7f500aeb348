import * as fs from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, findImage } from '../../host/images.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { PortPool } from '../ports.ts';
import { adopt } from './adopt.ts';
import { type Agent, isTerminal, type PortRequest, type Survivor } from './agent.ts';
import { createBoard, type Entry, loadEntries } from './board.ts';
import type { AgentContext } from './context.ts';
import { killTask, terminate } from './kill.ts';
import { launchTask } from './launch.ts';
import { cutLongLogs, logLimit } from './log-files.ts';
import { probeMounting } from './mounting.ts';
import { isAlive } from './process-group.ts';

export interface AgentConfig {
  /** The workspace: images are found from here. */
  readonly root: string;
  /** Of the lab; sandboxes are made below it. */
  readonly folder: string;
  readonly ports: PortPool;
  readonly images: Catalogue;
  /** Bytes after which a log is cut, default 10 MiB. */
  readonly logLimit?: number;
}

/** How often the sizes of logs are looked at. */
const sweepMs = 5_000;
/** Beyond the grace, for a process that the kernel is slow to end. */
const afterKillMs = 5_000;

/** Adopts what an earlier agent left in the folder, and is ready. Failure: `file-unusable`. */
export function startAgent(config: AgentConfig): Agent | Failure {
  const sandboxes = join(config.folder, 'sandboxes');
  try {
    fs.mkdirSync(sandboxes, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail('file-unusable', `The folder ${sandboxes} cannot be made: ${String(error)}.`);
  }
  const loaded = loadEntries(sandboxes);
  let images = config.images;
  let closed = false;
  let stopping = false;
  const context: AgentContext = {
    board: createBoard(loaded.entries, () => closed),
    host: '127.0.0.1',
    sandboxes,
    mounting: probeMounting(config.root),
    image: (name) => findImage(images, config.root, name),
    allocate: (requests) => allocate(config.ports, requests),
    free: (ports) => {
      for (const port of ports) config.ports.give(port);
    },
    stopping: () => stopping,
    closed: () => closed,
  };
  const { board } = context;
  adoptAll(context, config.ports);
  const sweep = setInterval(() => cutLongLogs(board.list(), config.logLimit ?? logLimit), sweepMs);
  sweep.unref();

  return {
    id: 'lab-agent-S0',
    host: context.host,
    mounting: context.mounting,
    problems: loaded.problems,
    launch: async (id, spec) => board.entries.get(id)?.task ?? launchTask(context, id, spec),
    kill(id, options) {
      const entry = board.entries.get(id);
      if (entry) killTask(context, entry, options);
    },
    task: (id) => board.entries.get(id)?.task,
    tasks: (filter) => board.list(filter),
    forget(id) {
      const entry = board.entries.get(id);
      if (entry) board.remove(entry);
    },
    on: (listener) => board.on(listener),
    image: context.image,
    setImages(wanted) {
      images = wanted;
    },
    stop(graceMs) {
      stopping = true;
      return stopAll(context, graceMs);
    },
    async close() {
      closed = true;
      clearInterval(sweep);
    },
  };
}

function adoptAll(context: AgentContext, ports: PortPool): void {
  const left = [...context.board.entries.values()].filter(({ task }) => !isTerminal(task.state));
  for (const entry of left) for (const port of entry.task.ports) ports.reserve(port);
  for (const entry of left) adopt(context, entry);
}

async function allocate(
  pool: PortPool,
  requests: readonly PortRequest[],
): Promise<readonly number[] | Failure> {
  const taken: number[] = [];
  for (const { port } of requests) {
    const got = await (port ? pool.takeExact(port) : pool.take());
    if (isFailure(got)) {
      for (const given of taken) pool.give(given);
      return got;
    }
    taken.push(got);
  }
  return taken;
}

async function stopAll(context: AgentContext, graceMs: number | undefined): Promise<readonly Survivor[]> {
  const going = [...context.board.entries.values()].filter(({ task }) => !isTerminal(task.state));
  const options = graceMs === undefined ? {} : { graceMs };
  for (const entry of going) {
    killTask(context, entry, options);
    terminate(context, entry); // one that was being held is held no longer
  }
  const grace = Math.max(0, ...going.map(({ killing }) => killing?.graceMs ?? 0));
  const deadline = Date.now() + grace + afterKillMs;
  while (going.some(({ task }) => !isTerminal(task.state)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return going.flatMap(survivor);
}

function survivor({ task, identity }: Entry): readonly Survivor[] {
  if (task.pid === undefined || !isAlive(task.pid, identity)) return [];
  return [{ taskId: task.id, pid: task.pid }];
}
