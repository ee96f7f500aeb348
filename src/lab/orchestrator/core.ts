import type { Agent } from '../agent/agent.ts';
import { openShelf } from '../shelf.ts';
import type { Instance, OrchestratorEvent } from './orchestrator.ts';
import type { Member, Service } from './state.ts';
import { instanceView } from './view.ts';

export interface OrchestratorConfig {
  /** Owner of the tasks: `local`, `marathon:test1`. */
  readonly name: string;
  /** For its own state, one file per service. */
  readonly folder: string;
  readonly agent: Agent;
  /**
   * An instance that is started again keeps the health of its incarnation before, as in Marathon: it has no new
   * grace and is killed at its next failure.
   */
  readonly healthSurvivesRestart: boolean;
  /** Awaited between TASK_KILLING and TERM. */
  readonly beforeKill?: (key: string, instance: Instance) => Promise<void>;
}

/** What the parts of an orchestrator share. */
export interface Core {
  readonly config: OrchestratorConfig;
  readonly services: Map<string, Service>;
  /** By task id, where a task belongs. */
  readonly owners: Map<string, { readonly service: Service; readonly member: Member }>;
  on(listener: (event: OrchestratorEvent) => void): () => void;
  emit(event: OrchestratorEvent): void;
  /** Writes a service down now. */
  save(service: Service): void;
  /** Writes it down soon: for what could be found out again. */
  saveSoon(service: Service): void;
  /** Writes down what waits to be. */
  flush(): void;
  forget(service: Service): void;
  /** Looks at a service soon, once for however many reasons. */
  wake(service: Service): void;
  /** What went wrong with the state on disk, as sentences. */
  readonly problems: readonly string[];
  closed: boolean;
}

/** How long a change that could be found out again may stay unwritten. */
const soonMs = 100;

/** Loads the state of its folder. `look` is what a woken service is looked at with. */
export function createCore(config: OrchestratorConfig, look: (core: Core, service: Service) => void): Core {
  const listeners = new Set<(event: OrchestratorEvent) => void>();
  const shelf = openShelf<Service>(config.folder);
  const dirty = new Set<Service>();
  const awake = new Set<Service>();
  let timer: NodeJS.Timeout | undefined;
  const lookAtAll = (): void => {
    const all = [...awake];
    awake.clear();
    for (const service of all) {
      if (!core.closed && core.services.get(service.key) === service) look(core, service);
    }
  };
  const core: Core = {
    config,
    services: new Map(shelf.loaded.map((service) => [service.key, service])),
    owners: new Map(
      shelf.loaded.flatMap((service) =>
        service.members.map((member) => [member.taskId, { service, member }] as const),
      ),
    ),
    problems: shelf.problems,
    closed: false,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    save(service) {
      dirty.delete(service);
      if (core.services.get(service.key) === service) shelf.save(service.key, service);
    },
    saveSoon(service) {
      dirty.add(service);
      timer ??= setTimeout(core.flush, soonMs);
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      for (const service of dirty) core.save(service);
    },
    forget(service) {
      dirty.delete(service);
      core.services.delete(service.key);
      shelf.remove(service.key);
    },
    wake(service) {
      if (awake.size === 0) queueMicrotask(lookAtAll);
      awake.add(service);
    },
  };
  return core;
}

export function snapshot(service: Service, member: Member): Instance {
  return instanceView(service, member);
}
