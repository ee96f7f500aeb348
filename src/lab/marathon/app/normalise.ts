import type { Draft } from './definition.ts';
import type { AppUpdate, Container, Network, PortDefinition, PortMapping } from './shape.ts';

/*
 * Fills in defaults and translates old spellings (ports, uris, docker.network, docker.portMappings), as
 * Marathon's AppNormalization does.
 */

/** What an app is where its body says nothing. */
const defaults = {
  backoffFactor: 1.15,
  backoffSeconds: 1,
  constraints: [],
  cpus: 1,
  dependencies: [],
  disk: 0,
  env: {},
  executor: '',
  fetch: [],
  healthChecks: [],
  instances: 1,
  labels: {},
  maxLaunchDelaySeconds: 300,
  mem: 128,
  gpus: 0,
  readinessChecks: [],
  requirePorts: false,
  secrets: {},
  upgradeStrategy: { maximumOverCapacity: 1, minimumHealthCapacity: 1 },
  killSelection: 'YOUNGEST_FIRST',
  unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
  role: '*',
} as const;

/** A whole app from what a body says, over what the app was before (if it is an update). */
export function normalise(id: string, update: AppUpdate, base: Draft | undefined): Draft {
  const said = given(translateOldFields(update));
  const {
    container: _c,
    portDefinitions: _p,
    ...merged
  } = { ...defaults, ...(base && unversioned(base)), ...said };
  const networks = merged.networks?.length ? merged.networks : onHostNetwork;
  const onHost = networks.some((network) => network.mode === 'host');
  const container = settleContainer(said.container ?? base?.container, networks, said.portDefinitions);
  const portDefinitions = said.portDefinitions ?? base?.portDefinitions ?? oneDefaultPort;
  return {
    ...merged,
    id,
    dependencies: merged.dependencies.map((dependency) => canonical(dependency, id)),
    networks,
    requirePorts: onHost && merged.requirePorts,
    healthChecks: settleHealthChecks(said, merged.healthChecks, container, base !== undefined),
    readinessChecks: merged.readinessChecks.map((check) => ({
      ...check,
      httpStatusCodesForReady: check.httpStatusCodesForReady ?? [200],
    })),
    ...(container ? { container } : {}),
    ...(onHost ? { portDefinitions } : {}),
  };
}

/** Only the fields that are there. */
type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function given<T extends object>(update: T): Given<T> {
  const entries = Object.entries(update).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

function unversioned(base: Draft): Draft {
  const {
    version: _v,
    versionInfo: _i,
    ...draft
  }: Draft & { version?: string; versionInfo?: unknown } = base;
  return draft;
}

const onHostNetwork: readonly Network[] = [{ mode: 'host' }];
const oneDefaultPort: readonly PortDefinition[] = [{ port: 0, name: 'default', protocol: 'tcp' }];
const oneDefaultMapping: PortMapping[] = [
  { containerPort: 0, labels: {}, name: 'default', protocol: 'tcp', servicePort: 0 },
];

/** An absolute path: `../b` seen from `/a/c` is `/a/b`, `b` is `/a/b`. */
export function canonical(path: string, from = '/'): string {
  const base = path.startsWith('/') ? [] : from.split('/').filter(Boolean).slice(0, -1);
  const parts: string[] = [...base];
  for (const part of path.split('/').filter(Boolean)) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

type TranslatedUpdate = Omit<AppUpdate, 'id' | 'ports' | 'uris' | 'version' | 'ipAddress' | 'residency'>;

function translateOldFields(update: AppUpdate): TranslatedUpdate {
  const { id: _id, version: _version, ipAddress: _ip, residency: _residency, ports, uris, ...rest } = update;
  const network = update.container?.docker?.network;
  return {
    ...rest,
    ...(ports && !rest.portDefinitions
      ? { portDefinitions: ports.map((port): PortDefinition => ({ port, protocol: 'tcp' })) }
      : {}),
    ...(uris?.length
      ? { fetch: uris.map((uri) => ({ uri, extract: true, executable: false, cache: false })) }
      : {}),
    ...(network && network !== 'NONE' && !rest.networks ? { networks: [oldNetworks[network]] } : {}),
  };
}

const oldNetworks: Record<'HOST' | 'BRIDGE' | 'USER', Network> = {
  HOST: { mode: 'host' },
  BRIDGE: { mode: 'container/bridge' },
  USER: { mode: 'container' },
};

function settleContainer(
  given: Container | undefined,
  networks: readonly Network[],
  portDefinitions: readonly PortDefinition[] | undefined,
): Container | undefined {
  const onHost = networks.some((network) => network.mode === 'host');
  if (!given) return onHost ? undefined : { type: 'MESOS', volumes: [], portMappings: oneDefaultMapping };
  const { portMappings, docker, ...rest } = given;
  const { network: _network, portMappings: oldMappings, ...image } = docker ?? { image: '' };
  const container = { ...rest, ...(docker ? { docker: image as NonNullable<Container['docker']> } : {}) };
  // With the host's network, mappings are dropped without a word.
  if (onHost) return container;
  const mappings = portMappings ?? oldMappings ?? oneDefaultMapping;
  const lacking = Math.max(0, (portDefinitions?.length ?? 0) - mappings.length);
  const more = Array.from(
    { length: lacking },
    (): PortMapping => ({ ...oneDefaultMapping[0], ...bareMapping }),
  );
  const bridged = networks.some((network) => network.mode === 'container/bridge');
  return {
    ...container,
    portMappings: [...mappings, ...more].map((one) => (bridged ? withHostPort(one) : one)),
  };
}

const bareMapping: PortMapping = { containerPort: 0, labels: {}, protocol: 'tcp', servicePort: 0 };

function withHostPort(mapping: PortMapping): PortMapping {
  return { ...mapping, hostPort: mapping.hostPort ?? 0 };
}

/**
 * A check that names no port means the first one; in a new app only if ports were given in the body (else
 * Marathon leaves it open and the check may never succeed).
 */
function settleHealthChecks(
  said: AppUpdate,
  checks: Draft['healthChecks'],
  container: Container | undefined,
  isUpdate: boolean,
): Draft['healthChecks'] {
  const portsGiven = (said.portDefinitions?.length ?? 0) > 0 || (container?.portMappings?.length ?? 0) > 0;
  if (!isUpdate && !portsGiven) return checks;
  return checks.map((check) => {
    const open = check.port === undefined && check.portIndex === undefined && check.protocol !== 'COMMAND';
    return open ? { ...check, portIndex: 0 } : check;
  });
}
