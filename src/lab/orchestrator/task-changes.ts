import { isTerminal, type Task } from '../agent/agent.ts';
import { addDelay } from './backoff.ts';
import { startChecks, stopChecks } from './checks.ts';
import { type Core, snapshot } from './core.ts';
import { dropMember, kill } from './reconcile.ts';
import type { Member, Service } from './state.ts';

/** Takes over what the agent tells of a task. */
export function taskChanged(core: Core, task: Task, at: number): void {
  const found = core.owners.get(task.id);
  if (!found || core.closed) return;
  const { service, member } = found;
  takeOver(member, task);
  core.saveSoon(service);
  core.emit({ type: 'task', at, key: service.key, instance: snapshot(service, member) });
  if (task.state === 'TASK_RUNNING') beginChecks(core, service, member);
  if (task.state === 'TASK_KILLING') stopChecks(member);
  if (isTerminal(task.state)) ended(core, service, member, at);
  core.wake(service);
}

export function beginChecks(core: Core, service: Service, member: Member): void {
  startChecks(core, service, member, (bad, reason, failedAt) =>
    killUnhealthy(core, service, bad, reason, failedAt),
  );
}

function takeOver(member: Member, task: Task): void {
  member.state = task.state;
  member.message = task.message;
  member.ports = task.ports;
  member.stagedAt = task.stagedAt;
  if (task.startedAt !== undefined) member.startedAt = task.startedAt;
}

function ended(core: Core, service: Service, member: Member, at: number): void {
  stopChecks(member);
  if (member.goal === 'end') {
    dropMember(core, service, member);
    return;
  }
  const byItself = member.goal === 'run' && member.state !== 'TASK_KILLED';
  if (byItself) addDelay(service, member, at);
  if (byItself && member.state !== 'TASK_FINISHED') remember(service, member, member.message, at);
  member.waiting = true;
  member.goal = 'run';
  member.ports = [];
}

function remember(service: Service, member: Member, message: string, at: number): void {
  const { taskId, id: instanceId, revision, state } = member;
  service.lastFailure = { taskId, instanceId, revision, state, message, at };
}

/** An instance with bad health is started again; in a replacement an old one has its successor already. */
function killUnhealthy(core: Core, service: Service, member: Member, reason: string, failedAt: number): void {
  if (member.goal !== 'run' || member.state !== 'TASK_RUNNING') return;
  const at = Date.now();
  const replacing = service.rollout?.state === 'running' && service.rollout.kind === 'replace';
  const instance = snapshot(service, member);
  core.emit({ type: 'unhealthy-kill', at, key: service.key, instance, reason, failedAt });
  member.goal = replacing && member.revision !== service.revision ? 'end' : 'restart';
  remember(service, member, `Task was killed since health check failed. Reason: ${reason}`, at);
  core.save(service);
  kill(core, service, member);
}
