import * as fs from 'node:fs';
import { join } from 'node:path';
import { realProcesses } from '../host/processes.ts';
import { isFailure } from '../model/failure.ts';
import { readState } from './state-file.ts';

/** Discovery file of a running lab, `.rehome/lab/lab.json`. All URLs are on 127.0.0.1. */
export interface LabInfo {
  /** Of the daemon. */
  readonly pid: number;
  /** Tells the daemon from a later process with its pid: opaque, see `Processes.startTime`. */
  readonly startedAt: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** Of the local API and the control API. */
  readonly api: string;
  readonly clusters: Readonly<Record<string, ClusterUrls>>;
}

export interface ClusterUrls {
  readonly marathon: string;
  readonly chronos: string;
  readonly mesos: string;
}

/** Where a workspace's lab keeps what. */
export function labFiles(root: string) {
  const folder = join(root, '.rehome', 'lab');
  return {
    folder,
    info: join(folder, 'lab.json'),
    /** What the lab shall be: catalogue, clusters, ports. */
    wanted: join(folder, 'wanted.json'),
    lock: join(folder, 'lock.db'),
    log: join(folder, 'daemon.log'),
    sandboxes: join(folder, 'sandboxes'),
    local: join(folder, 'local'),
    cluster: (name: string, part: string) => join(folder, 'clusters', name, part),
  };
}

/** Makes the lab's folder, with the `.gitignore` that keeps all of `.rehome` out of version control. */
export function makeLabFolder(root: string): void {
  fs.mkdirSync(labFiles(root).folder, { recursive: true, mode: 0o700 });
  const ignore = join(root, '.rehome', '.gitignore');
  if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '*\n');
}

/** The lab of a workspace whose daemon is alive; undefined where it is not, however old its lab.json. */
export function readLab(root: string): LabInfo | undefined {
  const info = readState(labFiles(root).info);
  if (!info || isFailure(info)) return undefined;
  const { pid, startedAt } = info as LabInfo;
  return realProcesses.alive(pid, startedAt) ? (info as LabInfo) : undefined;
}
