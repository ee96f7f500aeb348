import { userInfo } from 'node:os';
import { type Violation, violation } from '../refusal.ts';
import { checkConstraints } from './check-constraints.ts';
import { checkPorts } from './check-ports.ts';
import type { Draft } from './definition.ts';
import type { AppUpdate } from './shape.ts';

/** What Marathon finds wrong with old spellings before it translates them. */
export function checkOldFields(update: AppUpdate): readonly Violation[] {
  const { ports, portDefinitions, uris, fetch, container, networks } = update;
  const found: Violation[] = [];
  const fixed = (ports ?? []).filter((port) => port !== 0);
  if (new Set(fixed).size < fixed.length) found.push(violation('/', 'ports must be unique'));
  const same = JSON.stringify(portDefinitions?.map((one) => one.port)) === JSON.stringify(ports);
  if (ports && portDefinitions && !same) {
    found.push(violation('/', 'cannot specify both ports and port definitions'));
  }
  if (uris?.length && fetch?.length)
    found.push(violation('/uris', 'may not be set in conjunction with fetch'));
  if (container?.docker?.network && networks?.length) {
    found.push(violation('/', 'must not specify both container.docker.network and networks'));
  }
  if (update.residency !== undefined) found.push(unsupported('/residency', 'resident tasks are'));
  if (update.ipAddress !== undefined) found.push(unsupported('/ipAddress', 'ipAddress is'));
  return found;
}

/** `{"version"}` rolls back; with anything else it means two things at once. */
export function checkVersionAlone(update: AppUpdate): readonly Violation[] {
  const { id, version, ...rest } = update;
  if (version === undefined || Object.values(rest).every((field) => field === undefined)) return [];
  return [violation('/', "The 'version' field may only be combined with the 'id' field.")];
}

/** What Marathon finds wrong with a whole app. Only the first kind of fault found is told, as there. */
export function checkApp(app: Draft): readonly Violation[] {
  return [
    ...checkUnsupported(app),
    ...checkCommand(app),
    ...checkPorts(app),
    ...checkHealth(app),
    ...checkEnv(app),
    ...checkReadiness(app),
    ...checkSingleInstance(app),
    ...checkConstraints(app.constraints),
  ];
}

/** As many processes of one app as a machine for rehearsals can be expected to bear. */
const mostInstances = 1000;

/** What the real one could do and the lab cannot; it says so instead of ignoring it. */
function checkUnsupported(app: Draft): readonly Violation[] {
  const found: Violation[] = [];
  const say = (path: string, what: string): void => void found.push(unsupported(path, what));
  if (app.container?.volumes.length) say('/container/volumes', 'volumes are');
  if (app.container?.appc !== undefined) say('/container/appc', 'AppC images are');
  if (app.container?.linuxInfo !== undefined) say('/container/linuxInfo', 'linuxInfo is');
  if (app.instances > mostInstances) say('/instances', `more than ${mostInstances} instances are`);
  if (app.gpus > 0) say('/gpus', 'GPU resources are');
  if (app.fetch.length) say('/fetch', 'fetching of artifacts is');
  if (Object.keys(app.secrets).length > 0) say('/secrets', 'secrets are');
  if (app.user !== undefined && app.user !== userInfo().username) {
    say('/user', `users other than ${userInfo().username} are`);
  }
  if (app.executor !== '' && app.executor !== '//cmd') say('/executor', 'custom executors are');
  for (const [index, check] of app.healthChecks.entries()) {
    if (check.ipProtocol === 'IPv6') say(`/healthChecks(${index})/ipProtocol`, 'IPv6 is');
    if (check.protocol === 'COMMAND') say(`/healthChecks(${index})/protocol`, 'COMMAND health checks are');
  }
  return found;
}

function unsupported(path: string, what: string): Violation {
  return violation(path, `${what} not supported by the embedded Marathon`);
}

function checkCommand(app: Draft): readonly Violation[] {
  if (app.cmd?.length === 1) return [violation('/', 'must not be an empty string')];
  const cmd = app.cmd !== undefined;
  const args = (app.args?.length ?? 0) > 0;
  const image = app.container?.docker !== undefined;
  if (cmd !== args || (image && !cmd && !args)) return [];
  return [violation('/', "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.")];
}

const marathonProtocols = new Set(['HTTP', 'HTTPS', 'TCP']);

function checkHealth(app: Draft): readonly Violation[] {
  const count = (app.portDefinitions ?? app.container?.portMappings ?? []).length;
  const found: Violation[] = [];
  for (const [index, check] of app.healthChecks.entries()) {
    if (!marathonProtocols.has(check.protocol) || check.command || check.portIndex === undefined) continue;
    if (check.portIndex < count) continue;
    const message =
      'Health check port indices must address an element of the ports array or container port mappings.';
    found.push(violation(`/healthChecks(${index})`, message));
  }
  const byAgent = app.healthChecks.filter((check) => check.protocol.startsWith('MESOS_'));
  if (byAgent.length > 1) {
    found.push(violation('/', 'AppDefinition can contain at most one Mesos health check'));
  }
  return found;
}

function checkEnv(app: Draft): readonly Violation[] {
  return Object.entries(app.env).flatMap(([name, value]) => {
    const undefinedSecret = typeof value !== 'string' && !Object.hasOwn(app.secrets, value.secret);
    return undefinedSecret ? [violation(`/env/${name}/secret`, 'references an undefined secret')] : [];
  });
}

function checkReadiness(app: Draft): readonly Violation[] {
  const names = (app.portDefinitions ?? app.container?.portMappings ?? []).map((port) => port.name);
  const found: Violation[] = [];
  if (app.readinessChecks.length > 1) {
    found.push(violation('/readinessChecks', `got ${app.readinessChecks.length}, expected 1 or less`));
  }
  for (const [index, check] of app.readinessChecks.entries()) {
    const path = `/readinessChecks(${index})`;
    if (!names.includes(check.portName)) {
      found.push(
        violation(`${path}/portName`, `No port definition reference for portName ${check.portName}`),
      );
    }
    if (check.timeoutSeconds >= check.intervalSeconds) {
      const message = `got ${check.timeoutSeconds}, expected less than ${check.intervalSeconds}`;
      found.push(violation(`${path}/timeoutSeconds`, message));
    }
  }
  return found;
}

function checkSingleInstance(app: Draft): readonly Violation[] {
  if (app.labels['MARATHON_SINGLE_INSTANCE_APP'] !== 'true') return [];
  const found: Violation[] = [];
  if (app.instances > 1) found.push(violation('/', 'Single instance app may only have one instance'));
  for (const field of ['maximumOverCapacity', 'minimumHealthCapacity'] as const) {
    const value = app.upgradeStrategy[field];
    if (value !== 0)
      found.push(violation(`/upgradeStrategy/${field}`, `got ${value.toFixed(1)}, expected 0.0`));
  }
  return found;
}
