import { double } from '../json/number.ts';
import type { AppDefinition } from './definition.ts';
import type { Container, HealthCheck } from './shape.ts';

/**
 * An app as Marathon writes it: its order of fields, empty lists and maps left out, no `ports`, no `uris`.
 * `versionInfo` is in the answers to a GET, not in the answer to the POST that made the app.
 */
export function showApp(app: AppDefinition, withVersionInfo = true): Record<string, unknown> {
  return {
    id: app.id,
    acceptedResourceRoles: app.acceptedResourceRoles,
    args: full(app.args),
    backoffFactor: double(app.backoffFactor),
    backoffSeconds: app.backoffSeconds,
    cmd: app.cmd,
    constraints: full(app.constraints),
    container: app.container && showContainer(app.container),
    cpus: double(app.cpus),
    dependencies: full(app.dependencies),
    disk: double(app.disk),
    env: fullMap(app.env),
    executor: app.executor,
    fetch: full(app.fetch),
    healthChecks: full(app.healthChecks.map(showHealthCheck)),
    instances: app.instances,
    labels: app.labels,
    maxLaunchDelaySeconds: app.maxLaunchDelaySeconds,
    mem: double(app.mem),
    gpus: app.gpus,
    networks: app.networks,
    portDefinitions: app.portDefinitions?.map(({ labels, ...rest }) => {
      const { port, name, protocol } = rest;
      return { port, labels: labels && fullMap(labels), name, protocol };
    }),
    readinessChecks: full(app.readinessChecks),
    requirePorts: app.requirePorts,
    secrets: fullMap(app.secrets),
    taskKillGracePeriodSeconds: app.taskKillGracePeriodSeconds,
    upgradeStrategy: {
      maximumOverCapacity: double(app.upgradeStrategy.maximumOverCapacity),
      minimumHealthCapacity: double(app.upgradeStrategy.minimumHealthCapacity),
    },
    user: app.user,
    version: app.version,
    versionInfo: withVersionInfo ? app.versionInfo : undefined,
    killSelection: app.killSelection,
    unreachableStrategy: app.unreachableStrategy,
    tty: app.tty,
    role: app.role,
  };
}

/** A check as the API shows it. */
export function showHealthCheck(check: HealthCheck): Record<string, unknown> {
  return {
    command: check.command,
    gracePeriodSeconds: check.gracePeriodSeconds,
    ignoreHttp1xx: check.ignoreHttp1xx,
    intervalSeconds: check.intervalSeconds,
    maxConsecutiveFailures: check.maxConsecutiveFailures,
    path: check.path,
    port: check.port,
    portIndex: check.portIndex,
    protocol: check.protocol,
    ipProtocol: check.ipProtocol,
    timeoutSeconds: check.timeoutSeconds,
    delaySeconds: check.delaySeconds,
  };
}

function showContainer(container: Container): Record<string, unknown> {
  const { type, docker, volumes, portMappings } = container;
  return { type, docker, volumes, portMappings };
}

function full<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function fullMap<T extends object>(map: T): T | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
