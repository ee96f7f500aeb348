import { z } from 'zod';

/*
 * The fields of an app as Marathon 1.11 reads them: types, ranges and patterns. A message is the one that
 * Marathon gives. The order of fields is the order of Marathon's answers.
 * https://github.com/mesosphere/marathon/tree/master/docs/docs/rest-api/public/api/v2/types
 */

const string = (): z.ZodString => z.string('error.expected.jsstring');
const boolean = (): z.ZodBoolean => z.boolean('error.expected.jsboolean');
const number = (): z.ZodNumber => z.number('error.expected.jsnumber');
const integer = (): z.ZodNumber => number().int('error.expected.int');
const natural = (): z.ZodNumber => integer().min(0, 'error.min');
const port = (): z.ZodNumber => natural().max(65_535, 'error.max');
const list = <T extends z.ZodType>(item: T): z.ZodArray<T> => z.array(item, 'error.expected.jsarray');
const object = <T extends z.ZodRawShape>(shape: T): z.ZodObject<T> =>
  z.object(shape, 'error.expected.jsobject');
const map = <T extends z.ZodType>(value: T): z.ZodRecord<z.ZodString, T> =>
  z.record(z.string(), value, 'error.expected.jsobject');
const text = (longest: number): z.ZodString =>
  string().min(1, 'error.minLength').max(longest, 'error.maxLength');

/** A word of a list, read without regard to case, written as the list has it. */
function word<const T extends string>(
  ...words: readonly T[]
): z.ZodPipe<z.ZodUnknown, z.ZodTransform<T, unknown>> {
  return z.unknown().transform((value, context) => {
    const found = words.find(
      (known) => typeof value === 'string' && known.toLowerCase() === value.toLowerCase(),
    );
    if (found !== undefined) return found;
    context.addIssue('error.unknown.enum.literal');
    return z.NEVER;
  });
}

const pathId = string().regex(
  /^(\/?((\.\.)|(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9]))?($|\/))+$/,
  'error.pattern',
);
const portName = text(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'error.pattern');
const labels = map(string());

/** `"text"` or `{"secret": "name"}`; anything else Marathon reports as a missing object. */
const envValue = z.unknown().transform((value, context): string | { secret: string } => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string') {
    return { secret: value.secret };
  }
  context.addIssue('error.expected.jsobject');
  return z.NEVER;
});

const protocol = word('tcp', 'udp', 'udp,tcp');

const portDefinition = object({
  port: port().default(0),
  labels: labels.optional(),
  name: portName.optional(),
  protocol: protocol.default('tcp'),
});

const portMapping = object({
  containerPort: port().default(0),
  hostPort: port().optional(),
  labels: labels.default({}),
  name: portName.optional(),
  protocol: protocol.default('tcp'),
  servicePort: port().default(0),
  networkNames: list(string()).optional(),
});

const container = object({
  type: word('MESOS', 'DOCKER').default('DOCKER'),
  docker: object({
    credential: z.unknown().optional(),
    forcePullImage: boolean().default(false),
    image: string().min(1, 'error.minLength'),
    network: word('BRIDGE', 'HOST', 'NONE', 'USER').optional(),
    parameters: list(object({ key: string().min(1, 'error.minLength'), value: string() })).default([]),
    portMappings: list(portMapping).optional(),
    privileged: boolean().default(false),
    pullConfig: z.unknown().optional(),
  }).optional(),
  appc: z.unknown().optional(),
  volumes: list(z.unknown()).default([]),
  portMappings: list(portMapping).optional(),
  linuxInfo: z.unknown().optional(),
});

const healthCheck = object({
  command: object({ value: string() }).optional(),
  gracePeriodSeconds: natural().default(300),
  ignoreHttp1xx: boolean().default(false),
  intervalSeconds: natural().default(60),
  maxConsecutiveFailures: natural().default(3),
  path: string().optional(),
  port: port().optional(),
  portIndex: port().optional(),
  protocol: word('HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_TCP', 'MESOS_HTTP', 'MESOS_HTTPS').default('HTTP'),
  ipProtocol: word('IPv4', 'IPv6').default('IPv4'),
  timeoutSeconds: integer().default(20),
  delaySeconds: natural().default(15),
});

const readinessCheck = object({
  name: string().default('readinessCheck'),
  protocol: word('HTTP', 'HTTPS').default('HTTP'),
  path: text(1024).default('/'),
  portName: string()
    .regex(/^[a-z][-a-z0-9]*$/, 'error.pattern')
    .default('http-api'),
  intervalSeconds: natural().default(30),
  timeoutSeconds: integer().default(10),
  httpStatusCodesForReady: list(integer().min(100, 'error.min').max(999, 'error.max')).optional(),
  preserveLastResponse: boolean().default(false),
});

const network = object({
  name: portName.optional(),
  mode: word('container', 'container/bridge', 'host').default('container'),
  labels: labels.optional(),
});

const artifact = object({
  uri: string().min(1, 'error.minLength').max(1024, 'error.maxLength'),
  extract: boolean().default(true),
  executable: boolean().default(false),
  cache: boolean().default(false),
  destPath: string().optional(),
});

const fraction = (): z.ZodNumber => number().min(0, 'error.min').max(1, 'error.max');

const unreachableStrategy = z.union([
  z.literal('disabled'),
  object({ inactiveAfterSeconds: natural().default(0), expungeAfterSeconds: natural().default(0) }),
]);

/** What a body may say of an app; every field may be absent. */
export const updateShape = object({
  id: pathId.optional(),
  acceptedResourceRoles: list(string()).optional(),
  args: list(string()).optional(),
  backoffFactor: number().min(1, 'error.min').optional(),
  backoffSeconds: natural().optional(),
  cmd: string().min(1, 'error.minLength').optional(),
  constraints: list(list(string())).optional(),
  container: container.optional(),
  cpus: number().min(0, 'error.min').optional(),
  dependencies: list(pathId).optional(),
  disk: number().min(0, 'error.min').optional(),
  env: map(envValue).optional(),
  executor: string().optional(),
  fetch: list(artifact).optional(),
  healthChecks: list(healthCheck).optional(),
  instances: natural().optional(),
  labels: labels.optional(),
  maxLaunchDelaySeconds: natural().optional(),
  mem: number().min(0, 'error.min').optional(),
  gpus: natural().optional(),
  ipAddress: z.unknown().optional(),
  networks: list(network).optional(),
  ports: list(port()).optional(),
  portDefinitions: list(portDefinition).optional(),
  readinessChecks: list(readinessCheck).optional(),
  residency: z.unknown().optional(),
  requirePorts: boolean().optional(),
  secrets: map(object({ source: string().min(1, 'error.minLength') })).optional(),
  taskKillGracePeriodSeconds: natural().optional(),
  upgradeStrategy: object({ maximumOverCapacity: fraction(), minimumHealthCapacity: fraction() }).optional(),
  uris: list(text(1024)).optional(),
  user: string().optional(),
  version: string().optional(),
  killSelection: word('YOUNGEST_FIRST', 'OLDEST_FIRST').optional(),
  unreachableStrategy: unreachableStrategy.optional(),
  tty: boolean().optional(),
  role: string().optional(),
});

/** The same, where the id must be there. */
export const newAppShape = updateShape.extend({ id: pathId });

export type AppUpdate = z.output<typeof updateShape>;
export type PortDefinition = z.output<typeof portDefinition>;
export type PortMapping = z.output<typeof portMapping>;
export type Container = z.output<typeof container>;
export type HealthCheck = z.output<typeof healthCheck>;
export type ReadinessCheck = z.output<typeof readinessCheck>;
export type Network = z.output<typeof network>;
