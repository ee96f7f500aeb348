import type { Service } from '../../../model/app.ts';

/** Where an app listens that takes any port it is told: each pod has a network of its own. */
export const anyPort = 8080;

/**
 * The port that a service listens on: its own PORT, else the model's. An app that is told `$PORT` elsewhere takes
 * any, so one that has a health check but no number gets one. Undefined for a service that nobody calls.
 */
export function listenPort({
  env,
  port,
  health,
}: Pick<Service, 'env' | 'port' | 'health'>): number | undefined {
  const own = env['PORT'];
  if (typeof own === 'string' && isPort(Number(own))) return Number(own);
  if (port !== undefined && port > 0) return port;
  return port === 0 || health ? anyPort : undefined;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65_536;
}
