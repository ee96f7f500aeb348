import * as fs from 'node:fs';
import { realRequest } from '../host/http.ts';
import { realProcesses } from '../host/processes.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { isTerminal, type Survivor } from './agent/agent.ts';
import { loadEntries } from './agent/board.ts';
import { startAgent } from './agent/start-agent.ts';
import { endStrays } from './agent/strays.ts';
import { type LabInfo, labFiles, readLab } from './lab-files.ts';
import { type Lock, takeLock } from './lock.ts';
import { openPorts } from './ports.ts';

export interface LabDownOptions {
  /** The workspace, absolute. */
  readonly root: string;
  /** What ran before runs again at the next `labUp`; default true. False removes all state and logs of the lab. */
  readonly keepState?: boolean;
  /** From TERM to KILL for every task, instead of their own, in ms. */
  readonly graceMs?: number;
}

export interface LabDown {
  readonly wasRunning: boolean;
  /** Processes that are still there; normally none. */
  readonly survivors: readonly Survivor[];
}

/** Tasks may have long graces. */
const shutDownMs = 600_000;
const daemonMs = 10_000;

/**
 * Ends every task of a workspace's lab, then its daemon, and looks that all of them are gone; also those that a dead
 * daemon left behind, and those that left the process group of their task. Failure: `lab-failed`, `no-free-port`.
 */
export async function labDown(options: LabDownOptions): Promise<LabDown | Failure> {
  const files = labFiles(options.root);
  if (!fs.existsSync(files.folder)) return { wasRunning: false, survivors: [] };
  const info = readLab(options.root);
  if (info) await shutDown(info, options.graceMs);
  const lock = await lockSoon(files.lock);
  if (!lock)
    return fail('lab-failed', `The lab of ${options.root} is being started or stopped by somebody else.`);
  const left = await endLeftovers(options);
  const strays = await endStrays(files.sandboxes);
  fs.rmSync(files.info, { force: true });
  lock.release();
  if (isFailure(left)) return left;
  const survivors = [...left, ...strays];
  if (options.keepState === false && survivors.length === 0) {
    fs.rmSync(files.folder, { recursive: true, force: true, maxRetries: 3 });
  }
  return { wasRunning: info !== undefined, survivors };
}

async function shutDown(info: LabInfo, graceMs: number | undefined): Promise<void> {
  const json = { stopTasks: true, ...(graceMs === undefined ? {} : { graceMs }) };
  const request = { url: `${info.api}/v1/lab/shutdown`, method: 'POST', json } as const;
  const answer = await realRequest({ ...request, timeoutMs: shutDownMs });
  const patience = isFailure(answer) || answer.status !== 200 ? 0 : daemonMs;
  const deadline = Date.now() + patience;
  const alive = (): boolean => realProcesses.alive(info.pid, info.startedAt);
  while (alive() && Date.now() < deadline) await pause();
  if (alive()) process.kill(info.pid, 'SIGKILL'); // it does not listen; its tasks are ended below
  while (alive() && Date.now() < deadline + daemonMs) await pause();
}

async function lockSoon(path: string): Promise<Lock | undefined> {
  const deadline = Date.now() + daemonMs;
  for (;;) {
    const lock = takeLock(path);
    if (lock || Date.now() > deadline) return lock;
    await pause();
  }
}

/** Tasks of a daemon that died, or could not be asked. */
async function endLeftovers({ root, graceMs }: LabDownOptions): Promise<readonly Survivor[] | Failure> {
  const { folder, sandboxes } = labFiles(root);
  if (loadEntries(sandboxes).entries.every(({ task }) => isTerminal(task.state))) return [];
  const ports = await openPorts({ root });
  if (isFailure(ports)) return ports;
  const agent = startAgent({ root, folder, ports, images: {} });
  if (isFailure(agent)) return agent;
  const survivors = await agent.stop(graceMs);
  await agent.close();
  await ports.close();
  return survivors;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 25));
}
