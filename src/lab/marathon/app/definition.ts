import type { AppUpdate, Container, HealthCheck, Network, PortDefinition, ReadinessCheck } from './shape.ts';

/** An app as Marathon keeps it: every default filled in, old spellings translated, frozen by its version. */
export interface AppDefinition {
  readonly id: string;
  readonly acceptedResourceRoles?: readonly string[];
  readonly args?: readonly string[];
  readonly backoffFactor: number;
  readonly backoffSeconds: number;
  readonly cmd?: string;
  readonly constraints: readonly (readonly string[])[];
  readonly container?: Container;
  readonly cpus: number;
  readonly dependencies: readonly string[];
  readonly disk: number;
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>;
  readonly executor: string;
  readonly fetch: readonly NonNullable<AppUpdate['fetch']>[number][];
  readonly healthChecks: readonly HealthCheck[];
  readonly instances: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly maxLaunchDelaySeconds: number;
  readonly mem: number;
  readonly gpus: number;
  readonly networks: readonly Network[];
  /** Absent where the network is not the host's: then the container has port mappings. */
  readonly portDefinitions?: readonly PortDefinition[];
  readonly readinessChecks: readonly ReadinessCheck[];
  readonly requirePorts: boolean;
  readonly secrets: Readonly<Record<string, { readonly source: string }>>;
  readonly taskKillGracePeriodSeconds?: number;
  readonly upgradeStrategy: { readonly maximumOverCapacity: number; readonly minimumHealthCapacity: number };
  readonly user?: string;
  /** A time, unique in its Marathon: `2026-11-23T06:39:22.713Z`. */
  readonly version: string;
  readonly versionInfo: VersionInfo;
  readonly killSelection: 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
  readonly unreachableStrategy:
    | 'disabled'
    | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };
  readonly tty?: boolean;
  readonly role: string;
}

/** Which versions changed what: a task of any version since `lastConfigChangeAt` runs the present configuration. */
interface VersionInfo {
  readonly lastScalingAt: string;
  readonly lastConfigChangeAt: string;
}

/** An app before Marathon has given it a version. */
export type Draft = Omit<AppDefinition, 'version' | 'versionInfo'>;

/** The ports under which an app is known to load balancers, in the order of its own. */
export function servicePorts(app: Draft): readonly number[] {
  if (app.portDefinitions) return app.portDefinitions.map((definition) => definition.port);
  return (app.container?.portMappings ?? []).map((mapping) => mapping.servicePort);
}

/** Gives every service port, in order, what `choose` says. */
export function withServicePorts<T extends Draft>(app: T, choose: (port: number) => number): T {
  if (app.portDefinitions) {
    const portDefinitions = app.portDefinitions.map((one) => ({ ...one, port: choose(one.port) }));
    return { ...app, portDefinitions };
  }
  if (!app.container?.portMappings) return app;
  const portMappings = app.container.portMappings.map((one) => ({
    ...one,
    servicePort: choose(one.servicePort),
  }));
  return { ...app, container: { ...app.container, portMappings } };
}

/** Names of ports, in order; undefined for one without a name. */
export function portNames(app: Draft): readonly (string | undefined)[] {
  const ports = app.portDefinitions ?? app.container?.portMappings ?? [];
  return ports.map((port) => port.name);
}

/** Whether two definitions differ in nothing but the number of instances. */
export function sameConfiguration(one: Draft, other: Draft): boolean {
  return JSON.stringify(configuration(one)) === JSON.stringify(configuration(other));
}

/** Whether two definitions say the same in everything, versions aside. */
export function sameDefinition(one: Draft, other: Draft): boolean {
  return one.instances === other.instances && sameConfiguration(one, other);
}

function configuration(app: Draft): unknown {
  const plain: Partial<AppDefinition> = { ...app };
  const { version, versionInfo, instances, ...rest } = plain;
  return sortedKeys(rest);
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sortedKeys(field)]));
}
