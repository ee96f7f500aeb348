import { isTerminal } from '../agent/agent.ts';
import { stopChecks } from './checks.ts';
import { type Core, createCore, type OrchestratorConfig, snapshot } from './core.ts';
import { strategyOf } from './decide.ts';
import type { Instance, Orchestrator, Rollout, Wanted } from './orchestrator.ts';
import { candidatesOf, endRollout, kill, launch, reconcile, stopWaiting } from './reconcile.ts';
import type { Member, Service } from './state.ts';
import { beginChecks, taskChanged } from './task-changes.ts';
import { configOf, serviceView } from './view.ts';

/** Loads the state of its folder. Attach listeners, then call `start`. */
export function createOrchestrator(config: OrchestratorConfig): Orchestrator {
  const core = createCore(config, reconcile);
  const stopListening = config.agent.on(({ task, at }) => {
    if (task.spec.owner === config.name) taskChanged(core, task, at);
  });
  return {
    name: config.name,
    problems: core.problems,
    start: () => carryOn(core),
    put: (key, wanted) => put(core, key, wanted),
    stop(key, rollout) {
      const service = core.services.get(key);
      return (
        service && beginRollout(core, service, { id: rollout, kind: 'stop', revision: service.revision })
      );
    },
    cancel(key, rollout) {
      const service = core.services.get(key);
      if (service?.rollout?.id !== rollout || service.rollout.state !== 'running') return false;
      endRollout(core, service, 'cancelled');
      core.wake(service);
      return true;
    },
    kill: (key, instances, replace) => killSome(core, key, instances, replace),
    resetBackoff(key) {
      const service = core.services.get(key);
      if (!service) return false;
      service.delays = {};
      core.save(service);
      core.wake(service);
      return true;
    },
    service(key) {
      const service = core.services.get(key);
      return service && serviceView(service, Date.now());
    },
    services: () => [...core.services.values()].map((service) => serviceView(service, Date.now())),
    on: (listener) => core.on(listener),
    close() {
      core.flush();
      core.closed = true;
      stopListening();
      for (const service of core.services.values()) {
        stopWaiting(service);
        for (const member of service.members) stopChecks(member);
      }
    },
  };
}

function put(core: Core, key: string, wanted: Wanted): Rollout {
  const { revision, mode, config, rollout: id } = wanted;
  const service = core.services.get(key) ?? create(core, key, wanted);
  const going = service.rollout;
  if (going?.id === id && going.state === 'running') return going;
  const before = service.revisions[service.revision];
  const since = mode === 'scale' ? (before?.since ?? revision) : revision;
  service.revision = revision;
  service.wanted = wanted.instances;
  service.revisions[revision] = { config, since };
  if (mode === 'replace') delete service.delays[revision];
  return beginRollout(core, service, { id, kind: mode, revision });
}

function create(core: Core, key: string, { revision, instances, config }: Wanted): Service {
  const service: Service = {
    key,
    revision,
    wanted: instances,
    revisions: { [revision]: { config, since: revision } },
    members: [],
    delays: {},
  };
  core.services.set(key, service);
  return service;
}

function beginRollout(
  core: Core,
  service: Service,
  { id, kind, revision }: Pick<Rollout, 'id' | 'kind' | 'revision'>,
): Rollout {
  endRollout(core, service, 'superseded');
  const { upgrade } = configOf(service, service.revision);
  const startedAt = Date.now();
  const strategy =
    kind === 'replace'
      ? { strategy: strategyOf({ wanted: service.wanted, candidates: candidatesOf(service), upgrade }) }
      : {};
  service.rollout = { id, kind, revision, state: 'running', startedAt, ...strategy };
  core.save(service);
  core.emit({ type: 'rollout', at: startedAt, key: service.key, rollout: service.rollout });
  core.wake(service);
  return service.rollout;
}

function killSome(
  core: Core,
  key: string,
  ids: readonly string[],
  replace: 'same' | 'fresh' | 'none',
): readonly Instance[] {
  const service = core.services.get(key);
  if (!service) return [];
  const victims = service.members.filter(({ id, goal }) => ids.includes(id) && goal !== 'end');
  for (const member of victims) {
    if (replace !== 'same') member.goal = 'end';
    else if (!member.waiting) member.goal = 'restart';
  }
  if (replace === 'none') service.wanted = Math.max(0, service.wanted - victims.length);
  core.save(service);
  const shown = victims.map((member) => snapshot(service, member));
  for (const member of victims) if (!member.waiting) kill(core, service, member);
  core.wake(service);
  return shown;
}

/** Compares what is remembered with what the agent found, tells of the differences, and goes on. */
function carryOn(core: Core): void {
  for (const service of core.services.values()) {
    for (const member of [...service.members]) if (!member.waiting) resume(core, service, member);
    core.wake(service);
  }
  if (core.problems.length > 0) return; // a task without a service may belong to a file that was damaged
  for (const task of core.config.agent.tasks({ owner: core.config.name })) {
    if (!isTerminal(task.state) && !core.owners.has(task.id)) core.config.agent.kill(task.id);
  }
}

function resume(core: Core, service: Service, member: Member): void {
  const task = core.config.agent.task(member.taskId);
  if (!task) {
    // its launch was noted, but not begun
    if (member.goal === 'run') launch(core, service, member);
    else {
      member.waiting = true;
      if (member.goal === 'restart') member.goal = 'run';
    }
    return;
  }
  if (task.state !== member.state) taskChanged(core, task, task.endedAt ?? Date.now());
  else if (task.state === 'TASK_RUNNING') beginChecks(core, service, member);
  if (member.goal !== 'run' && !isTerminal(task.state)) kill(core, service, member);
}
