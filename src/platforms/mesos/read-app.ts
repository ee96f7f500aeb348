import type { HealthCheck, Route, Service } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import { type Json, list, number, record, same, text } from '../json.ts';
import { envOf, type Remembered, remembered, texts } from '../remarks.ts';
import { compileHealth, readHealth } from './health.ts';
import { managedApp } from './managed-app.ts';
import { subjectOf } from './names.ts';
import { compileRoutes, readRoutes } from './routes.ts';

export interface ReadService {
  readonly app: string;
  readonly version: string;
  readonly remembered: Remembered;
  readonly service: Service;
  readonly routes: readonly Route[];
  readonly notes: readonly Note[];
}

/** One app of Marathon, live or compiled, ours or not, as the service it is. */
export function readService(object: NativeObject): ReadService {
  const managed = managedApp(object);
  const { body } = managed;
  const known = remembered(managed.remarks);
  const app = known.app ?? lastSegment(object.id);
  const image = text(record(record(body['container'])['docker'])['image']) ?? '';
  const health = healthOf(body, known.model);
  const port = portOf(body, known.model);
  const command = commandOf(body);
  const service: Service = {
    kind: 'Service',
    name: text(known.model['service']) ?? app,
    image,
    ...(command === undefined ? {} : { command }),
    env: envOf(body['env'], known.secrets),
    resources: {
      cpus: number(body['cpus']) ?? 1,
      memory: number(body['mem']) ?? 128,
      cpuLimit: known.model['cpuLimit'] === 'hard' ? 'hard' : 'soft',
    },
    instances: number(body['instances']) ?? 1,
    ...(port === undefined ? {} : { port }),
    ...(health ? { health } : {}),
    rollout: rolloutOf(body, known.model),
    killGraceMs: killGraceOf(body, known.model),
  };
  const routes = routesOf(texts(body['labels']), known.model);
  const version = known.version ?? tagOf(image);
  return { app, version, remembered: known, service, routes, notes: foreignNotes(object, body, known) };
}

/** A remark is believed as long as it says what the native field says. */
function healthOf(body: Json, model: Json): HealthCheck | undefined {
  const live = list(body['healthChecks'])[0];
  if (!live) return undefined;
  const told = model['health'] as HealthCheck | undefined;
  return told && same(compileHealth(told), live) ? told : readHealth(live);
}

function routesOf(labels: Readonly<Record<string, string>>, model: Json): readonly Route[] {
  const told = Array.isArray(model['routes']) ? (model['routes'] as readonly Route[]) : undefined;
  return told && same(compileRoutes(told), labels) ? told : readRoutes(labels);
}

function killGraceOf(body: Json, model: Json): number {
  const told = number(model['killGraceMs']);
  const live = number(body['taskKillGracePeriodSeconds']) ?? 3; // the default of a Mesos executor
  return told !== undefined && Math.ceil(told / 1000) === live ? told : live * 1000;
}

/** In host mode an app listens where $PORT says, so the number is in the remarks or unknown: 0. */
function portOf(body: Json, model: Json): number | undefined {
  if (list(body['portDefinitions']).length === 0) return mappedPort(body);
  return number(model['port']) ?? (Object.keys(model).length > 0 ? undefined : 0);
}

function mappedPort(body: Json): number | undefined {
  const mapping = list(record(body['container'])['portMappings'])[0];
  return mapping && (number(mapping['containerPort']) ?? 0);
}

function commandOf(body: Json): string | undefined {
  const args = Array.isArray(body['args']) ? body['args'].map((word) => quoted(String(word))) : undefined;
  return text(body['cmd']) ?? (args && `exec ${args.join(' ')}`);
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function rolloutOf(body: Json, model: Json): Service['rollout'] {
  const live = record(body['upgradeStrategy']);
  return {
    minHealthy: number(live['minimumHealthCapacity']) ?? 1,
    maxOver: number(live['maximumOverCapacity']) ?? 1,
    deadlineMs: number(model['deadlineMs']) ?? 300_000,
  };
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The tag of an image, where it has one: `anna-repo/hcn:1.0.0`. */
export function tagOf(image: string): string {
  return /:([^:/@]+)$/.exec(image)?.[1] ?? '';
}

/** Fields of an app that a model has no words for; an import tells of each. */
const foreign = [
  'acceptedResourceRoles',
  'constraints',
  'dependencies',
  'disk',
  'fetch',
  'gpus',
  'readinessChecks',
  'residency',
  'secrets',
  'user',
] as const;

function foreignNotes(object: NativeObject, body: Json, known: Remembered): readonly Note[] {
  const subject = subjectOf(object);
  const dropped = (what: string) =>
    note('not-in-model', 'warning', `${what} has no counterpart in the model and is left behind.`, {
      subject,
      field: what,
      fidelity: 'dropped',
    });
  const fields = foreign.filter((field) => isThere(object.body[field])).map((field) => dropped(field));
  const env = Object.entries(record(body['env'])).filter(([, value]) => isForeignSecret(value));
  const secrets = env.map(([name]) => dropped(`env.${name}`));
  const volumes = isThere(record(body['container'])['volumes']) ? [dropped('container.volumes')] : [];
  const network = text(list(body['networks'])[0]?.['mode']);
  const networks = network !== undefined && network !== 'host' ? [dropped(`network mode ${network}`)] : [];
  const checks = list(body['healthChecks']);
  const first = checks[0];
  const health =
    checks.length > 1 || (first && !readHealth(first))
      ? [dropped('a health check that is not HTTP or TCP, or a second one')]
      : [];
  const args = isThere(body['args'])
    ? [
        note('args-quoted', 'info', 'args are read as one shell command.', {
          subject,
          fidelity: 'approximate',
        }),
      ]
    : [];
  const port = portOf(body, known.model) === 0 ? [portUnknown(subject)] : [];
  return [...fields, ...volumes, ...secrets, ...networks, ...health, ...args, ...port];
}

function portUnknown(subject: string): Note {
  const message = 'The app listens where $PORT says; which port it would take elsewhere is not known.';
  const hint = 'set port: in the manifest or in conventions';
  return note('port-unknown', 'info', message, { subject, fidelity: 'decide', hint });
}

/** A secret of Marathon's own: `{"secret": "name"}`. */
function isForeignSecret(value: unknown): boolean {
  return text(record(value)['secret']) !== undefined;
}

function isThere(value: unknown): boolean {
  if (value === undefined || value === null || value === 0) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
