import type { PortRequest } from '../../agent/agent.ts';
import type { HealthCheckSpec, ReadinessCheckSpec, ServiceConfig } from '../../orchestrator/orchestrator.ts';
import { type AppDefinition, portNames, servicePorts } from '../app/definition.ts';
import type { HealthCheck, ReadinessCheck } from '../app/shape.ts';
import { taskEnv } from './env.ts';

/** From TERM to KILL where an app does not say: the agent's default (`--executor_shutdown_grace_period`). */
const defaultKillGraceMs = 5000;

/** An app as the orchestrator takes it. */
export function toService(app: AppDefinition): ServiceConfig {
  const image = app.container?.docker?.image;
  const [readiness] = app.readinessChecks;
  return {
    ...(image === undefined ? {} : { image }),
    ...(app.cmd === undefined ? {} : { command: app.cmd }),
    ...(app.args ? { args: app.args } : {}),
    env: taskEnv(app),
    labels: app.labels,
    ports: toPorts(app),
    resources: { cpus: app.cpus, memory: app.mem, disk: app.disk, gpus: app.gpus },
    health: app.healthChecks.map(toHealthCheck),
    ...(readiness ? { readiness: toReadinessCheck(readiness, app) } : {}),
    upgrade: toUpgrade(app),
    backoff: {
      delayMs: toMs(app.backoffSeconds),
      factor: app.backoffFactor,
      maxMs: toMs(app.maxLaunchDelaySeconds),
    },
    killSelection: app.killSelection,
    killGraceMs:
      app.taskKillGracePeriodSeconds === undefined
        ? defaultKillGraceMs
        : toMs(app.taskKillGracePeriodSeconds),
  };
}

/** What a timer can hold is less than what a field can say (24 days). */
function toMs(seconds: number): number {
  return Math.min(Math.max(seconds, 0) * 1000, 2 ** 31 - 1);
}

/** PORT, PORT0… are the agent's; here come `PORT_<service port>` and `PORT_<NAME>`. */
function toPorts(app: AppDefinition): readonly PortRequest[] {
  const names = portNames(app);
  const mappings = app.container?.portMappings;
  return servicePorts(app).map((servicePort, index): PortRequest => {
    const name = names[index];
    const known = (app.portDefinitions ? servicePort : mappings?.[index]?.containerPort) || undefined;
    const fixed = app.portDefinitions ? (app.requirePorts ? servicePort : 0) : mappings?.[index]?.hostPort;
    const env = [
      ...(known === undefined ? [] : [`PORT_${known}`]),
      ...(name === undefined ? [] : [`PORT_${name.toUpperCase()}`]),
    ];
    return { ...(fixed ? { port: fixed } : {}), env };
  });
}

function toUpgrade(app: AppDefinition): ServiceConfig['upgrade'] {
  const { minimumHealthCapacity, maximumOverCapacity } = app.upgradeStrategy;
  return { minHealthy: minimumHealthCapacity, maxOver: maximumOverCapacity };
}

/** An interval of 0 is allowed; a check without a pause would keep the machine busy. */
const shortestIntervalMs = 100;

/** A check by the agent (MESOS_HTTP…) is carried out as one by Marathon: the result is the same. */
export function toHealthCheck(check: HealthCheck): HealthCheckSpec {
  const protocol = check.protocol.replace('MESOS_', '').toLowerCase() as HealthCheckSpec['protocol'];
  return {
    protocol,
    ...(check.path === undefined ? {} : { path: check.path }),
    ...(check.portIndex === undefined ? {} : { portIndex: check.portIndex }),
    ...(check.port === undefined ? {} : { port: check.port }),
    intervalMs: Math.max(toMs(check.intervalSeconds), shortestIntervalMs),
    timeoutMs: toMs(check.timeoutSeconds),
    graceMs: toMs(check.gracePeriodSeconds),
    killAfter: check.maxConsecutiveFailures === 0 ? 0 : check.maxConsecutiveFailures + 1,
    ignore1xx: check.ignoreHttp1xx,
  };
}

function toReadinessCheck(check: ReadinessCheck, app: AppDefinition): ReadinessCheckSpec {
  return {
    name: check.name,
    protocol: check.protocol === 'HTTPS' ? 'https' : 'http',
    path: check.path,
    portIndex: Math.max(0, portNames(app).indexOf(check.portName)),
    intervalMs: Math.max(toMs(check.intervalSeconds), shortestIntervalMs),
    timeoutMs: toMs(check.timeoutSeconds),
    readyStatus: check.httpStatusCodesForReady ?? [200],
    preserveLastResponse: check.preserveLastResponse,
  };
}
