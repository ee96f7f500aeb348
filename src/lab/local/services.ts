import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { createOrchestrator } from '../orchestrator/create-orchestrator.ts';
import type { Instance, Orchestrator, ServiceConfig, ServiceView } from '../orchestrator/orchestrator.ts';
import { openShelf } from '../shelf.ts';
import { createEndpointHub, type Endpoint, type EndpointHub, endpointOf, endpointsOf } from './endpoints.ts';
import type { ServiceInput } from './input.ts';
import { partsOf } from './keys.ts';

/** What the local API knows of a service beyond what the orchestrator does. */
export interface ServiceRecord {
  readonly key: string;
  readonly input: ServiceInput;
  /** Counts changes of what instances are made of; labels and the number of instances do not count. */
  readonly revision: number;
  /** The last revisions, the newest last. */
  readonly history: readonly RevisionRecord[];
  /** Is being stopped, and forgotten then. */
  readonly removing: boolean;
}

export interface RevisionRecord {
  readonly revision: number;
  /** ms since 1970. */
  readonly at: number;
  readonly input: ServiceInput;
}

export type PutResult = 'created' | 'replaced' | 'scaled' | 'labelled' | 'unchanged';

export interface Services {
  readonly orchestrator: Orchestrator;
  readonly hub: EndpointHub;
  readonly problems: readonly string[];
  /** Begins what was left undone; after listeners of the orchestrator have been attached. */
  start(): void;
  put(key: string, input: ServiceInput): PutResult;
  /** Replaces all instances though nothing changed. False for an unknown key. */
  restart(key: string): boolean;
  /** False for an unknown key. */
  remove(key: string): boolean;
  record(key: string): ServiceRecord | undefined;
  records(scope?: string): readonly ServiceRecord[];
  view(key: string): ServiceView | undefined;
  endpoints(key: string): readonly Endpoint[];
  close(): void;
}

/** Revisions of a service that are remembered. */
const keptRevisions = 10;

export function createServices(agent: Agent, folder: string): Services {
  const shelf = openShelf<ServiceRecord>(join(folder, 'records'));
  const records = new Map(shelf.loaded.map((record) => [record.key, record]));
  const hub = createEndpointHub();
  const orchestrator = createOrchestrator({
    name: 'local',
    folder: join(folder, 'orchestrator'),
    agent,
    healthSurvivesRestart: false,
    beforeKill: (key, instance) => drain(key, instance),
  });
  const endpoints = (key: string): readonly Endpoint[] =>
    endpointsOf(orchestrator.service(key)?.instances ?? [], agent.host);
  const drain = async (key: string, instance: Instance): Promise<void> => {
    const endpoint = endpointOf(instance, agent.host);
    if (endpoint) await hub.drained(key, endpoint, records.get(key)?.input.drainMs ?? 0);
  };
  const keep = (record: ServiceRecord): void => {
    records.set(record.key, record);
    shelf.save(record.key, record);
  };
  orchestrator.on((event) => {
    if (event.type === 'removed') {
      records.delete(event.key);
      shelf.remove(event.key);
    }
    hub.changed(event.key, () => endpoints(event.key));
  });
  const roll = ({ key, input, revision }: ServiceRecord, mode: 'replace' | 'scale'): void => {
    const wanted = { rollout: randomUUID(), mode, revision: String(revision), instances: input.instances };
    orchestrator.put(key, { ...wanted, config: configOf(input) });
  };

  return {
    orchestrator,
    hub,
    problems: shelf.problems,
    start() {
      // a daemon that died between noting a wish and beginning it has left them different
      for (const record of records.values()) {
        const view = orchestrator.service(record.key);
        if (record.removing && view) orchestrator.stop(record.key, randomUUID());
        else if (!record.removing && view?.revision !== String(record.revision)) roll(record, 'replace');
        else if (!record.removing && view?.instancesWanted !== record.input.instances) roll(record, 'scale');
      }
      orchestrator.start();
    },
    put(key, input) {
      const before = records.get(key);
      const result = compare(before, input);
      if (result === 'unchanged') return result;
      const isNew = result === 'created' || result === 'replaced';
      const record = { ...(isNew ? nextRevision(key, before, input) : { ...before, key, input }) };
      keep({ revision: 1, history: [], ...record, removing: false });
      const kept = records.get(key);
      if (kept && result !== 'labelled') roll(kept, isNew ? 'replace' : 'scale');
      return result;
    },
    restart(key) {
      const before = records.get(key);
      if (!before || before.removing) return false;
      const record = nextRevision(key, before, before.input);
      keep(record);
      roll(record, 'replace');
      return true;
    },
    remove(key) {
      const record = records.get(key);
      if (!record) return false;
      keep({ ...record, removing: true });
      if (!orchestrator.stop(key, randomUUID())) {
        records.delete(key);
        shelf.remove(key);
      }
      return true;
    },
    record: (key) => records.get(key),
    records: (scope) =>
      [...records.values()].filter(({ key }) => scope === undefined || partsOf(key).scope === scope),
    view: (key) => orchestrator.service(key),
    endpoints,
    close: () => orchestrator.close(),
  };
}

function nextRevision(key: string, before: ServiceRecord | undefined, input: ServiceInput): ServiceRecord {
  const revision = (before?.revision ?? 0) + 1;
  const history = [...(before?.history ?? []), { revision, at: Date.now(), input }].slice(-keptRevisions);
  return { key, input, revision, history, removing: false };
}

function compare(before: ServiceRecord | undefined, input: ServiceInput): PutResult {
  if (!before) return 'created';
  if (before.removing || !same(configOf(before.input), configOf(input))) return 'replaced';
  if (before.input.instances !== input.instances) return 'scaled';
  return same(before.input, input) ? 'unchanged' : 'labelled';
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

/** What instances are made of: all but the labels, the number of instances and the time to drain. */
function configOf(input: ServiceInput): ServiceConfig {
  const { image, command, args, health } = input;
  return {
    ...(image === undefined ? {} : { image }),
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env: input.env,
    ports: Array.from({ length: input.ports }, () => ({})),
    resources: { cpus: input.resources.cpus, memory: input.resources.memory },
    health: health ? [{ ...withoutFailures(health), killAfter: health.failures }] : [],
    upgrade: input.rollout,
    backoff: input.backoff,
    killSelection: 'YOUNGEST_FIRST',
    killGraceMs: input.killGraceMs,
  };
}

function withoutFailures({ failures: _failures, ...check }: NonNullable<ServiceInput['health']>) {
  return check;
}
