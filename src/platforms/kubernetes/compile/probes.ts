import type { HealthCheck } from '../../../model/app.ts';
import { type Json, number, record, text } from '../../json.ts';

/** Name of the one port of a container. */
export const portName = 'http';

/** How often a pod that gets traffic is asked at least, s. */
const readyPeriod = 2;
const readyFailures = 3;

/**
 * A health check of the model replaces what fails; here that is the liveness probe, which the startup probe holds
 * back for the time of grace. The readiness probe is quicker: traffic stops before anything is replaced.
 */
export function compileProbes(check: HealthCheck | undefined, port: number | undefined): Json {
  if (port === undefined) return {};
  if (!check) return { readinessProbe: byPort };
  const { intervalMs, timeoutMs, failures, graceMs } = check;
  const action =
    check.protocol === 'http'
      ? { httpGet: { path: check.path ?? '/', port: portName } }
      : { tcpSocket: { port: portName } };
  const timeoutSeconds = seconds(timeoutMs);
  const probe = (periodSeconds: number, failureThreshold: number) => ({
    ...action,
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
  });
  return {
    ...(graceMs > 0 ? { startupProbe: probe(timeoutSeconds, startsOf(check)) } : {}),
    livenessProbe: probe(seconds(intervalMs), failures),
    readinessProbe: probe(Math.min(readyPeriod, seconds(intervalMs)), Math.min(readyFailures, failures)),
  };
}

/**
 * Failures count from the end of the grace on. As one probe waits for the one before, a period of one timeout makes
 * the time until an app is given up the same, whether it refuses connections or hangs.
 */
function startsOf({ graceMs, intervalMs, timeoutMs, failures }: HealthCheck): number {
  return Math.ceil((graceMs / 1_000 + failures * seconds(intervalMs)) / seconds(timeoutMs));
}

/** Without a health check nothing is replaced, but traffic waits until the app listens. */
export const byPort: Json = {
  tcpSocket: { port: portName },
  periodSeconds: readyPeriod,
  timeoutSeconds: 1,
  failureThreshold: readyFailures,
};

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

/** The health check that probes of anybody say: what replaces instances. Undefined without one by HTTP or TCP. */
export function readProbes(container: Json): HealthCheck | undefined {
  const liveness = record(container['livenessProbe']);
  const startup = record(container['startupProbe']);
  const action = actionOf(liveness);
  if (!action) return undefined;
  const patience = Object.keys(startup).length === 0 ? 0 : period(startup) * failuresOf(startup);
  const delay = number((patience > 0 ? startup : liveness)['initialDelaySeconds']) ?? 0;
  return {
    ...action,
    intervalMs: period(liveness) * 1_000,
    timeoutMs: (number(liveness['timeoutSeconds']) ?? 1) * 1_000,
    failures: failuresOf(liveness),
    graceMs: (delay + Math.max(0, patience - period(liveness) * failuresOf(liveness))) * 1_000,
  };
}

function actionOf({ httpGet, tcpSocket }: Json): Pick<HealthCheck, 'protocol' | 'path'> | undefined {
  if (httpGet !== undefined) return { protocol: 'http', path: text(record(httpGet)['path']) ?? '/' };
  return tcpSocket === undefined ? undefined : { protocol: 'tcp' };
}

function period(probe: Json): number {
  return number(probe['periodSeconds']) ?? 10;
}

function failuresOf(probe: Json): number {
  return number(probe['failureThreshold']) ?? 3;
}
