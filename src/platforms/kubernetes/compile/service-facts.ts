import type { App, Resources, Service } from '../../../model/app.ts';
import { given, type Json, same } from '../../json.ts';
import type { KubernetesSettings } from '../settings.ts';
import { minReadySeconds, progressDeadlineSeconds } from './deadline.ts';
import { listenPort } from './port.ts';
import { compileProbes, readProbes } from './probes.ts';
import { cpuQuantity, memoryQuantity, parseQuantity } from './quantities.ts';
import { compileStrategy, readStrategy } from './strategy.ts';

/** What a Deployment does not give back as the model has it; `read` believes it while the native field says the same. */
export function serviceFacts(
  app: App,
  service: Service,
  routes: App['routes'],
  settings: KubernetesSettings,
): Json {
  const { health, rollout, instances, killGraceMs, env } = service;
  const port = listenPort(service);
  const { deadlineMs, ...fractions } = rollout;
  const isRead = {
    health: same(readProbes(compileProbes(health, port)), health),
    rollout: same(readStrategy(compileStrategy(instances, rollout), instances), fractions),
    deadline:
      (progressDeadlineSeconds(deadlineMs, settings) - minReadySeconds(settings)) * 1_000 === deadlineMs,
  };
  return given({
    service: service.name === app.name ? undefined : service.name,
    port: service.port === port ? undefined : (service.port ?? null),
    portInEnv: typeof env['PORT'] === 'string' ? true : undefined,
    health: isRead.health ? undefined : health,
    rollout: isRead.rollout ? undefined : fractions,
    deadlineMs: isRead.deadline ? undefined : deadlineMs,
    killGraceMs: killGraceMs % 1_000 === 0 ? undefined : killGraceMs,
    routes: routes.length > 0 ? routes : undefined,
    ...resourceFacts(service.resources),
  });
}

/** Amounts that were rounded. */
export function resourceFacts({ cpus, memory }: Resources): Json {
  return given({
    cpus: parseQuantity(cpuQuantity(cpus)) === cpus ? undefined : cpus,
    memory: mebibytes(memoryQuantity(memory)) === memory ? undefined : memory,
  });
}

/** MiB of a quantity. */
export function mebibytes(quantity: unknown): number | undefined {
  const bytes = parseQuantity(quantity);
  return bytes === undefined ? undefined : bytes / 1_048_576;
}
