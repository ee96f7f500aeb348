import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isFailure } from '../../model/failure.ts';
import type { TaskState } from '../agent/agent.ts';
import { putAside, readState, writeState } from '../state-file.ts';
import type { Strategy } from './decide.ts';
import type { HealthResult, ReadinessResult, Rollout, ServiceConfig, TaskFailure } from './orchestrator.ts';

/** One service as the orchestrator keeps it and as it stands on disk. */
export interface Service {
  readonly key: string;
  revision: string;
  wanted: number;
  /** The target's and those of the members that are there. */
  revisions: Record<string, Revision>;
  members: Member[];
  rollout?: RolloutState;
  /** By `Revision.since`. */
  delays: Record<string, Delay>;
  lastFailure?: TaskFailure;
}

export interface Revision {
  readonly config: ServiceConfig;
  /** The revision that brought this config; a scaling keeps it, and with it the backoff. */
  readonly since: string;
}

export interface Member {
  readonly id: string;
  incarnation: number;
  taskId: string;
  readonly revision: string;
  state: TaskState;
  message: string;
  /** For its first start, or its next one. */
  waiting: boolean;
  ports: readonly number[];
  stagedAt?: number;
  startedAt?: number;
  /** By health check; without an entry before the first result. */
  health: (HealthResult | null)[];
  readiness?: ReadinessResult;
  /** `end`: is being killed for good. `restart`: is being killed, to be started again. */
  goal: 'run' | 'end' | 'restart';
}

export interface RolloutState extends Rollout {
  readonly strategy?: Strategy;
}

export interface Delay {
  /** The last one, in ms. */
  readonly delayMs: number;
  /** ms since 1970. */
  readonly until: number;
  readonly since: number;
}

/** Reads the services of a folder. Damaged files are put aside and reported as sentences. */
export function loadServices(folder: string): { services: Service[]; problems: string[] } {
  const services: Service[] = [];
  const problems: string[] = [];
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const read = readState(path);
    if (isFailure(read)) problems.push(`${read.message} It was put aside as ${putAside(path)}.`);
    else services.push(read as Service);
  }
  return { services, problems };
}

export function saveService(folder: string, service: Service): string | undefined {
  const failure = writeState(pathOf(folder, service.key), service);
  return failure?.message;
}

export function deleteService(folder: string, key: string): void {
  fs.rmSync(pathOf(folder, key), { force: true });
}

/** Readable, and different for every key. */
function pathOf(folder: string, key: string): string {
  const readable = key
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_/, '')
    .slice(0, 80);
  return join(folder, `${readable}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}.json`);
}
