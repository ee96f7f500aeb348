import type { HealthCheck } from '../../../model/app.ts';
import { type Json, number, record, text } from '../../json.ts';

/** Name of the one port of a container. */
export const portName = 'http';

/** How often a pod that just started is asked, and one that gets traffic at least, s. */
const startPeriod = 1;
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
  const starts = Math.ceil(graceMs / 1_000 / startPeriod);
  return {
    ...(starts > 0 ? { startupProbe: probe(startPeriod, Math.max(starts, failures)) } : {}),
    livenessProbe: probe(seconds(intervalMs), failures),
    readinessProbe: probe(Math.min(readyPeriod, seconds(intervalMs)), Math.min(readyFailures, failures)),
  };
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
    graceMs: (delay + patience) * 1_000,
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
