import type { NativeObject } from '../../model/native.ts';
import { flag, given, type Json, list, number, record, text } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import { type Remarks, remembered, texts } from '../remarks.ts';
import { routeLabels } from './routes.ts';

/** Range from which Marathon takes a service port by itself: --local_port_min and _max. */
const ownPorts = { from: 10_000, to: 20_000 };

/** What Marathon fills in by itself for a health check; docs/docs/rest-api/public/api/v2/types/healthCheck.raml */
const healthDefaults: Json = { ignoreHttp1xx: false, ipProtocol: 'IPv4', delaySeconds: 15 };
const dockerDefaults: Json = { forcePullImage: false, privileged: false };

/** The part of a live app that `compile` says something about, in compile's shape. */
export function managedApp(live: NativeObject): NativeObject {
  const { body } = live;
  const labels = texts(body['labels']);
  const routes = Object.fromEntries(
    routeLabels.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]])),
  );
  const checks = list(body['healthChecks']).map((check) => without(check, healthDefaults));
  const managed = given({
    id: live.id,
    cmd: text(body['cmd']),
    args: nonEmpty(body['args']),
    cpus: number(body['cpus']) ?? 1,
    mem: number(body['mem']) ?? 128,
    instances: number(body['instances']) ?? 1,
    env: record(body['env']),
    container: container(body['container']),
    labels: Object.keys(routes).length > 0 ? routes : undefined,
    networks: list(body['networks'] ?? [{ mode: 'host' }]),
    portDefinitions: list(body['portDefinitions']).map(portDefinition),
    requirePorts: flag(body['requirePorts']) || undefined,
    healthChecks: nonEmpty(checks),
    upgradeStrategy: body['upgradeStrategy'] ?? { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    taskKillGracePeriodSeconds: number(body['taskKillGracePeriodSeconds']),
  });
  return { kind: live.kind, id: live.id, body: managed, ...stampsOf(live, labels) };
}

/** A compiled object has its remarks beside it, a live one in its labels. */
function stampsOf(live: NativeObject, labels: Remarks): Pick<NativeObject, 'remarks' | 'secrets'> {
  const remarks = { ...live.remarks, ...stampsInLabels(labels) };
  const paths = Object.entries(remembered(remarks).secrets).map(([name, ref]) => [`env.${name}`, ref]);
  return {
    ...(Object.keys(remarks).length > 0 ? { remarks } : {}),
    ...(paths.length > 0 ? { secrets: Object.fromEntries(paths) } : {}),
  };
}

function container(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  const { type, docker, ...rest } = record(value);
  const kept = Object.entries(rest).filter(([, item]) => nonEmpty(item) !== undefined);
  return given({
    // Marathon fills it in: DOCKER or MESOS beside an image, by its version and flags.
    type: docker !== undefined || type === 'MESOS' ? undefined : type,
    docker: docker === undefined ? undefined : withoutEmpty(without(record(docker), dockerDefaults)),
    ...Object.fromEntries(kept),
  });
}

/** Marathon chooses a service port where it was asked for port 0, and keeps it. */
function portDefinition(live: Json): Json {
  const port = number(live['port']) ?? 0;
  return withoutEmpty({
    ...live,
    port: port >= ownPorts.from && port <= ownPorts.to ? 0 : port,
    name: text(live['name']) ?? 'default',
    protocol: text(live['protocol']) ?? 'tcp',
  });
}

function without(value: Json, defaults: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => defaults[key] !== item));
}

function withoutEmpty(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => nonEmpty(item) !== undefined));
}

/** Absent and empty are one to Marathon. */
function nonEmpty(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object' && Object.keys(value).length === 0) return undefined;
  return value;
}
