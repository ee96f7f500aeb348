import type { Instance, Queued, ServiceConfig, ServiceView } from './orchestrator.ts';
import type { Member, Service } from './state.ts';

/** Failures in a row that take an instance out of rotation where bad health never kills it. */
const outAfter = 3;

export function configOf(service: Service, revision: string): ServiceConfig {
  const found = service.revisions[revision];
  if (!found) throw new Error(`Service ${service.key} has no revision ${revision}.`);
  return found.config;
}

export function serviceView(service: Service, now: number): ServiceView {
  const queue = queued(service, now);
  return {
    key: service.key,
    revision: service.revision,
    instancesWanted: service.wanted,
    config: configOf(service, service.revision),
    instances: service.members.map((member) => instanceView(service, member)),
    ...(service.rollout ? { rollout: service.rollout } : {}),
    ...(queue ? { queue } : {}),
    ...(service.lastFailure ? { lastFailure: service.lastFailure } : {}),
  };
}

export function instanceView(service: Service, member: Member): Instance {
  const { goal: _goal, waiting: _waiting, health, stagedAt, startedAt, readiness, ...plain } = member;
  const healthy = health.some((one) => one !== null) ? isAlive(service, member) : undefined;
  return Object.freeze({
    ...plain,
    health: health.filter((one) => one !== null),
    serving: isServing(service, member),
    ...(stagedAt === undefined ? {} : { stagedAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(readiness ? { readiness } : {}),
    ...(healthy === undefined ? {} : { healthy }),
  });
}

/** Every health check says alive; with none, yes. */
export function isAlive(service: Service, member: Member): boolean {
  return configOf(service, member.revision).health.every((_, index) => member.health[index]?.alive === true);
}

/** Counts as good in a rollout. */
export function isHealthy(service: Service, member: Member): boolean {
  return member.state === 'TASK_RUNNING' && isAlive(service, member);
}

export function isReady(service: Service, member: Member): boolean {
  const { readiness } = configOf(service, member.revision);
  return isHealthy(service, member) && (!readiness || member.readiness?.ready === true);
}

function isServing(service: Service, member: Member): boolean {
  if (member.state !== 'TASK_RUNNING') return false;
  return configOf(service, member.revision).health.every((check, index) => {
    const result = member.health[index];
    if (result?.firstSuccess === undefined) return false;
    return result.alive || result.consecutiveFailures < (check.killAfter || outAfter);
  });
}

function queued(service: Service, now: number): Queued | undefined {
  const waiting = service.members.filter((member) => member.waiting && member.goal !== 'end');
  if (waiting.length === 0) return undefined;
  const delays = waiting.flatMap(({ revision }) => {
    const delay = service.delays[service.revisions[revision]?.since ?? ''];
    return delay ? [delay] : [];
  });
  const since = Math.min(now, ...delays.map((delay) => delay.since));
  return delays.length > 0
    ? { count: waiting.length, since, until: Math.max(...delays.map(({ until }) => until)) }
    : { count: waiting.length, since };
}
