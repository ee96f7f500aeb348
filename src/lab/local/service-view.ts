import { join } from 'node:path';
import type { Agent } from '../agent/agent.ts';
import { lastLines } from '../agent/log-files.ts';
import type { Instance, TaskFailure } from '../orchestrator/orchestrator.ts';
import { partsOf } from './keys.ts';
import type { ServiceRecord, Services } from './services.ts';

/** Lines of the failing task's log that are shown with the failure. */
const failureLines = 20;

/** A service as the local API shows it, see README.md. */
export function showService(services: Services, agent: Agent, record: ServiceRecord) {
  const view = services.view(record.key);
  const instances = view?.instances ?? [];
  const running = instances.filter(({ state }) => state === 'TASK_RUNNING');
  const { removing, revision, input } = record;
  return {
    ...partsOf(record.key),
    revision,
    removing,
    ...input,
    counts: {
      wanted: removing ? 0 : input.instances,
      running: running.length,
      healthy: running.filter((one) => !input.health || one.healthy === true).length,
      serving: running.filter(({ serving }) => serving).length,
      /** Of the current revision, running and healthy. */
      updated: running.filter((one) => isUpdated(one, record)).length,
    },
    /** The input's `rollout`: its name is taken by the one that goes on. */
    strategy: input.rollout,
    rollout: view?.rollout ? showRollout(view.rollout) : null,
    waiting: view?.queue ? { count: view.queue.count, until: time(view.queue.until) } : null,
    tasks: instances.map((instance) => showInstance(instance, agent)),
    lastFailure: view?.lastFailure ? showFailure(view.lastFailure, agent) : null,
    ...services.hub.counts(record.key),
  };
}

function isUpdated(instance: Instance, { revision, input }: ServiceRecord): boolean {
  return instance.revision === String(revision) && (!input.health || instance.healthy === true);
}

function showRollout({
  kind,
  state,
  startedAt,
  endedAt,
}: {
  kind: string;
  state: string;
  startedAt: number;
  endedAt?: number;
}) {
  return { kind, state, startedAt: time(startedAt), endedAt: time(endedAt) };
}

/** One instance as the local API shows it. */
export function showInstance(instance: Instance, agent: Agent) {
  const { id, taskId, incarnation, revision, state, message, ports, serving, healthy, health } = instance;
  return {
    id: taskId,
    instance: id,
    incarnation,
    revision: Number(revision),
    state,
    message,
    host: agent.host,
    port: ports[0] ?? null,
    ports,
    serving,
    healthy: healthy ?? null,
    health: health[0]
      ? {
          alive: health[0].alive,
          consecutiveFailures: health[0].consecutiveFailures,
          lastFailureCause: health[0].lastFailureCause ?? null,
        }
      : null,
    pid: agent.task(taskId)?.pid ?? null,
    stagedAt: time(instance.stagedAt),
    startedAt: time(instance.startedAt),
  };
}

function showFailure(failure: TaskFailure, agent: Agent) {
  return {
    task: failure.taskId,
    revision: Number(failure.revision),
    state: failure.state,
    message: failure.message,
    at: time(failure.at),
    log: logOf(agent, failure.taskId, failureLines),
  };
}

/** The last lines of what a task wrote: its errors after its output. */
export function logOf(agent: Agent, taskId: string, lines: number): readonly string[] {
  const sandbox = agent.task(taskId)?.sandbox;
  if (!sandbox) return [];
  const output = lastLines(join(sandbox, 'stdout'), lines);
  const errors = lastLines(join(sandbox, 'stderr'), lines);
  return [...output, ...errors].slice(-lines);
}

/** ISO 8601 UTC, null for none. */
export function time(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
