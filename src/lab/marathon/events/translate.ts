import type { Instance, OrchestratorEvent } from '../../orchestrator/orchestrator.ts';
import { showHealthCheck } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { toHealthCheck } from '../task/service.ts';
import { conditionOf, ipAddresses } from '../task/show.ts';

/** Tells what the orchestrator tells in the words of Marathon's event stream. */
export function translateEvents(marathon: Marathon): () => void {
  return marathon.orchestrator.on((event) => translate(marathon, event));
}

function translate(marathon: Marathon, event: OrchestratorEvent): void {
  switch (event.type) {
    case 'task':
      taskChanged(marathon, event.key, event.instance, event.at);
      break;
    case 'health':
      healthChanged(marathon, event.key, event.instance, event.alive, event.at);
      break;
    case 'health-failed':
      healthFailed(marathon, event);
      break;
    case 'unhealthy-kill':
      unhealthyKill(marathon, event);
      break;
    case 'removed':
      marathon.events.publish('app_terminated_event', { appId: event.key }, event.at);
  }
}

/** Mesos does not report STAGING; Marathon tells of the instance only. */
function taskChanged(marathon: Marathon, key: string, instance: Instance, at: number): void {
  const { agent, events } = marathon;
  if (instance.state !== 'TASK_STAGING') {
    const data = {
      slaveId: agent.id,
      taskId: instance.taskId,
      taskStatus: instance.state,
      message: instance.message,
      appId: key,
      host: agent.host,
      ipAddresses: ipAddresses(agent.host),
      ports: agent.task(instance.taskId)?.ports ?? instance.ports,
      version: instance.revision,
    };
    events.publish('status_update_event', data, at);
  }
  const condition = conditionOf(instance.state);
  events.publish('instance_changed_event', { ...instanceEvent(marathon, key, instance), condition }, at);
}

function instanceEvent({ agent }: Marathon, key: string, instance: Instance): Record<string, unknown> {
  return {
    instanceId: instance.id,
    condition: conditionOf(instance.state),
    runSpecId: key,
    agentId: agent.id,
    host: agent.host,
    runSpecVersion: instance.revision,
  };
}

function healthChanged(
  marathon: Marathon,
  key: string,
  instance: Instance,
  alive: boolean,
  at: number,
): void {
  const version = instance.revision;
  const data = { appId: key, instanceId: instance.id, version, alive };
  marathon.events.publish('health_status_changed_event', data, at);
  const { condition: _condition, ...rest } = instanceEvent(marathon, key, instance);
  marathon.events.publish('instance_health_changed_event', { ...rest, healthy: alive }, at);
}

function healthFailed(marathon: Marathon, event: OrchestratorEvent & { type: 'health-failed' }): void {
  const checks = marathon.state.apps.get(event.key)?.healthChecks ?? [];
  const wanted = JSON.stringify(event.check);
  const check = checks.find((one) => JSON.stringify(toHealthCheck(one)) === wanted) ?? checks[0];
  const data = {
    appId: event.key,
    taskId: event.instance.id,
    healthCheck: check ? showHealthCheck(check) : undefined,
  };
  marathon.events.publish('failed_health_check_event', data, event.at);
}

function unhealthyKill(
  { agent, events }: Marathon,
  event: OrchestratorEvent & { type: 'unhealthy-kill' },
): void {
  const { instance } = event;
  const data = {
    appId: event.key,
    taskId: instance.taskId,
    instanceId: instance.id,
    version: instance.revision,
    reason: event.reason,
    host: agent.host,
    slaveId: agent.id,
  };
  events.publish('unhealthy_instance_kill_event', data, event.failedAt);
}
