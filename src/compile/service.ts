import type { Application } from '../manifest/schema/application.ts';
import type { Conventions } from '../manifest/workspace.ts';
import type { HealthCheck, Rollout, Service } from '../model/app.ts';
import type { Common } from './workload.ts';

/** The long-running part of an app. */
export function serviceOf(
  conventions: Conventions,
  application: Application,
  workload: Common,
  name: string,
): Service {
  const worker = application.worker ?? false;
  const health = healthOf(worker ? undefined : conventions.health, application.health);
  return {
    ...workload,
    kind: 'Service',
    name,
    instances: application.instances ?? conventions.instances,
    ...(worker ? {} : { port: application.port ?? conventions.port }),
    ...(health ? { health } : {}),
    rollout: rolloutOf(conventions.rollout, application.rollout),
    killGraceMs: application.kill_grace ?? conventions.kill_grace,
  };
}

type GivenHealth = Application['health'];

/** The manifest's settings over the conventions'; none where the manifest says false or nobody says anything. */
function healthOf(convention: GivenHealth, own: GivenHealth): HealthCheck | undefined {
  if (own === false || (!own && !convention)) return undefined;
  const given = { ...(convention || {}), ...own };
  const protocol = given.protocol ?? 'http';
  return {
    protocol,
    ...(protocol === 'http' ? { path: given.path ?? '/health' } : {}),
    intervalMs: given.interval ?? 2_000,
    timeoutMs: given.timeout ?? 2_000,
    failures: given.failures ?? 3,
    graceMs: given.grace ?? 30_000,
  };
}

function rolloutOf(convention: Conventions['rollout'], own: Application['rollout']): Rollout {
  const given = { ...convention, ...own };
  return {
    minHealthy: given.min_healthy ?? 1,
    maxOver: given.max_over ?? 1,
    deadlineMs: given.deadline ?? 300_000,
  };
}
