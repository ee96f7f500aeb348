import { type AppDefinition, type Draft, servicePorts, withServicePorts } from './definition.ts';

/** Service ports that Marathon chooses itself (`--local_port_min`, `--local_port_max`). */
export const localPorts = { min: 10_000, max: 20_000 };

/**
 * Replaces port 0 by a free service port. An app that had chosen ones before keeps them (they are not given anew
 * at every change). Undefined when the range is used up.
 */
export function assignServicePorts<T extends Draft>(
  app: T,
  before: Draft | undefined,
  others: Iterable<AppDefinition>,
): T | undefined {
  const wanted = new Set(servicePorts(app));
  const kept = (before ? servicePorts(before) : []).filter((port) => inRange(port) && !wanted.has(port));
  const taken = new Set([...others].flatMap(servicePorts));
  for (const port of [...wanted, ...kept]) taken.add(port);
  let exhausted = false;
  const assigned = withServicePorts(app, (port) => {
    if (port !== 0) return port;
    const chosen = kept.shift() ?? nextFree(taken);
    exhausted ||= chosen === undefined;
    taken.add(chosen ?? 0);
    return chosen ?? 0;
  });
  return exhausted ? undefined : assigned;
}

function inRange(port: number): boolean {
  return port >= localPorts.min && port <= localPorts.max;
}

function nextFree(taken: ReadonlySet<number>): number | undefined {
  for (let port = localPorts.min; port <= localPorts.max; port++) if (!taken.has(port)) return port;
  return undefined;
}
