import type { TaskState } from '../../agent/agent.ts';
import type { HealthResult, Instance, TaskFailure } from '../../orchestrator/orchestrator.ts';
import { servicePorts } from '../app/definition.ts';
import type { Marathon } from '../context.ts';
import { time } from '../state.ts';

/** Tasks of an app, those that were launched, as the API shows them; service ports only in `/v2/tasks`. */
export function showTasks(marathon: Marathon, app: string, withServicePorts = false): readonly unknown[] {
  return launched(marathon, app).map((instance) => showTask(marathon, app, instance, withServicePorts));
}

export function launched(marathon: Marathon, app: string): readonly Instance[] {
  const instances = marathon.orchestrator.service(app)?.instances ?? [];
  return instances.filter((instance) => instance.stagedAt !== undefined);
}

export function showTask(
  marathon: Marathon,
  app: string,
  instance: Instance,
  withServicePorts = false,
): unknown {
  const { agent, state } = marathon;
  const definition = state.apps.get(app);
  return {
    appId: app,
    healthCheckResults: instance.health.map((result) => showHealth(instance, result)),
    host: agent.host,
    id: instance.taskId,
    ipAddresses: ipAddresses(agent.host),
    ports: instance.ports,
    servicePorts: withServicePorts && definition ? servicePorts(definition) : [],
    slaveId: agent.id,
    state: instance.state,
    stagedAt: instance.stagedAt === undefined ? undefined : time(instance.stagedAt),
    startedAt: instance.startedAt === undefined ? undefined : time(instance.startedAt),
    version: instance.revision,
    localVolumes: [],
    role: definition?.role ?? '*',
  };
}

function showHealth(instance: Instance, result: HealthResult): unknown {
  const optional = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : time(ms));
  return {
    alive: result.alive,
    consecutiveFailures: result.consecutiveFailures,
    firstSuccess: optional(result.firstSuccess),
    instanceId: `instance [${instance.id}]`,
    lastSuccess: optional(result.lastSuccess),
    lastFailure: optional(result.lastFailure),
    lastFailureCause: result.lastFailureCause,
  };
}

export function ipAddresses(host: string): readonly unknown[] {
  return [{ ipAddress: host, protocol: 'IPv4' }];
}

/** `tasksStaged`…: without health checks no task is healthy or unhealthy; one in its grace counts as unhealthy. */
export function showCounts(marathon: Marathon, app: string): Readonly<Record<string, number>> {
  const instances = launched(marathon, app);
  const count = (test: (instance: Instance) => boolean): number => instances.filter(test).length;
  return {
    tasksStaged: count((one) => one.state === 'TASK_STAGING'),
    tasksRunning: count((one) => one.state === 'TASK_RUNNING'),
    tasksHealthy: count((one) => one.state === 'TASK_RUNNING' && one.healthy === true),
    tasksUnhealthy: count((one) => one.state === 'TASK_RUNNING' && one.healthy === false),
  };
}

export function showFailure({ agent }: Marathon, app: string, failure: TaskFailure): unknown {
  return {
    appId: app,
    host: agent.host,
    message: failure.message,
    state: failure.state,
    taskId: failure.taskId,
    timestamp: time(failure.at),
    version: failure.revision,
    slaveId: agent.id,
  };
}

/** An instance's condition in the events: `TASK_RUNNING` is `Running`. */
export function conditionOf(state: TaskState): string {
  const word = state.slice('TASK_'.length).toLowerCase();
  return word.charAt(0).toUpperCase() + word.slice(1);
}
