import type { App, HealthCheck, Route, Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import { flag, type Json, list, number, record, same, text } from '../../json.ts';
import type { Target } from '../../platform.ts';
import { type Remembered, remembered } from '../../remarks.ts';
import { deploymentBody } from '../compile/deployment.ts';
import { readEnding } from '../compile/ending.ts';
import { frameOf } from '../compile/frame.ts';
import { listenPort } from '../compile/port.ts';
import { compileProbes, portName, readProbes } from '../compile/probes.ts';
import { digestPrefix } from '../compile/secrets.ts';
import { compileStrategy, readStrategy } from '../compile/strategy.ts';
import { subjectOf } from '../kinds.ts';
import { envSecretName } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import { foreignNotes, leftBehind } from './foreign.ts';
import { type Identity, versionOf } from './identity.ts';
import { whole } from './managed.ts';
import { readContainer } from './read-container.ts';

export interface ReadService {
  readonly app: string;
  readonly version: string;
  readonly remembered: Remembered;
  readonly service: Service;
  /** As they were told; see read-routes.ts for whether they are true. */
  readonly routes: readonly Route[];
  readonly notes: readonly Note[];
}

/** One Deployment, live or compiled, ours or not, as the service it is. Facts of the model are believed while the live fields say the same. */
export function readService(
  object: NativeObject,
  { app, part }: Identity,
  target: Target<KubernetesSettings>,
): ReadService {
  const live = whole(object);
  const known = remembered(live.remarks);
  const subject = subjectOf(object);
  const spec = record(live.body['spec']);
  const template = withPortName(record(spec['template']));
  const raw = record(record(object.body['spec'])['template']);
  const { workload, container, notes } = readContainer(template, raw, known, envSecretName(app), subject);
  const instances = number(spec['replicas']) ?? 1;
  const native = number(list(container['ports'])[0]?.['containerPort']);
  const env = envOf(workload.env, known.model, native);
  const health = healthOf(container, known.model, native);
  const port = portOf({ env, ...(health ? { health } : {}) }, known.model, native);
  const service: Service = {
    kind: 'Service',
    name: text(known.model['service']) ?? part ?? app,
    ...workload,
    env,
    instances,
    ...(port === undefined ? {} : { port }),
    ...(health ? { health } : {}),
    rollout: { ...rolloutOf(spec, known.model, instances), deadlineMs: deadlineOf(spec, known.model) },
    killGraceMs: killGraceOf(template, container, known.model),
  };
  const version = known.version ?? versionOf(live.body, workload.image);
  const wanted = wantedBody(app, version, service, target, object.id);
  return {
    app,
    version,
    remembered: known,
    service,
    routes: Array.isArray(known.model['routes']) ? (known.model['routes'] as readonly Route[]) : [],
    notes: [
      ...notes,
      ...foreignNotes(specOf(spec, template, container), specOf(...parts(wanted)), understood, subject),
      ...portNotes(container, subject),
      ...annotationNotes(template, subject),
      ...specNotes(spec, object, subject),
    ],
  };
}

/** What rehome would write for the model that was read: what is more in the live one is not in the model. */
function wantedBody(
  name: string,
  version: string,
  service: Service,
  target: Target<KubernetesSettings>,
  id: string,
): Json {
  const nothing = { stage: '', jobs: [], crons: [], routes: [], uses: [] };
  const app: App = {
    kind: 'App',
    name,
    version,
    environment: target.environment,
    services: [service],
    ...nothing,
  };
  return deploymentBody(frameOf(app, target), service, id);
}

function parts(body: Json): [Json, Json, Json] {
  const spec = record(body['spec']);
  const template = record(spec['template']);
  return [spec, template, list(record(template['spec'])['containers'])[0] ?? {}];
}

/** All levels in one, so that paths are as people know them. */
function specOf(spec: Json, template: Json, container: Json): Json {
  const { template: _, ...rest } = spec;
  const { containers: __, ...pod } = record(template['spec']);
  return { ...rest, pod, container };
}

/** Read in another way, or told of in other words. */
const understood = new Set([
  'replicas',
  'selector',
  'strategy',
  'progressDeadlineSeconds',
  'pod.terminationGracePeriodSeconds',
  'container.name',
  'container.image',
  'container.command',
  'container.args',
  'container.env',
  'container.envFrom',
  'container.ports',
  'container.startupProbe.initialDelaySeconds',
  'container.livenessProbe.initialDelaySeconds',
  'container.resources',
]);

/** A port by its number is the same as by its name, and one without a name is ours all the same. */
function withPortName(template: Json): Json {
  const pod = record(template['spec']);
  const containers = list(pod['containers']).map((container) => {
    const [first, ...others] = list(container['ports']);
    if (!first) return container;
    const named = { ...first, name: portName, protocol: text(first['protocol']) ?? 'TCP' };
    const known = [first['name'], first['containerPort']];
    const made: Record<string, unknown> = { ...container, ports: [named, ...others] };
    for (const name of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      if (container[name] !== undefined) made[name] = probeAt(record(container[name]), known);
    }
    return made;
  });
  return { ...template, spec: { ...pod, containers } };
}

function probeAt(probe: Json, known: readonly unknown[]): Json {
  const made: Record<string, unknown> = { ...probe };
  for (const action of ['httpGet', 'tcpSocket']) {
    const { port, ...asked } = record(probe[action]);
    if (port !== undefined && known.includes(port)) made[action] = { ...asked, port: portName };
  }
  return made;
}

/** PORT is what a home tells; where the manifest has its own, that is told. */
function envOf(env: Service['env'], model: Json, native: number | undefined): Service['env'] {
  const { PORT: port, ...rest } = env;
  return flag(model['portInEnv']) || port === undefined || port !== String(native) ? env : rest;
}

function healthOf(container: Json, model: Json, native: number | undefined): HealthCheck | undefined {
  const told = model['health'] as HealthCheck | undefined;
  const { startupProbe, livenessProbe, readinessProbe } = container;
  const live = { startupProbe, livenessProbe, readinessProbe };
  return told && same(compileProbes(told, native), live) ? told : readProbes(container);
}

/** A told port is believed while the service listens where it would; null says that it had none. */
function portOf(
  service: Pick<Service, 'env' | 'health'>,
  model: Json,
  native: number | undefined,
): number | undefined {
  if (!('port' in model)) return native;
  const told = number(model['port']);
  const port = told === undefined ? {} : { port: told };
  return listenPort({ ...service, ...port }) === native ? told : native;
}

function rolloutOf(
  spec: Json,
  model: Json,
  instances: number,
): Pick<Service['rollout'], 'minHealthy' | 'maxOver'> {
  const { type, rollingUpdate } = record(spec['strategy']);
  if (type === 'Recreate') return { minHealthy: 0, maxOver: 0 };
  const told = record(model['rollout']);
  const [minHealthy, maxOver] = [number(told['minHealthy']), number(told['maxOver'])];
  if (minHealthy !== undefined && maxOver !== undefined) {
    const fractions = { minHealthy, maxOver };
    if (same(compileStrategy(instances, { ...fractions, deadlineMs: 0 }), rollingUpdate)) return fractions;
  }
  return readStrategy(record(rollingUpdate), instances);
}

function deadlineOf(spec: Json, model: Json): number {
  const seconds = (number(spec['progressDeadlineSeconds']) ?? 600) - (number(spec['minReadySeconds']) ?? 0);
  const told = number(model['deadlineMs']);
  return told !== undefined && Math.max(1, Math.ceil(told / 1_000)) === seconds
    ? told
    : Math.max(1, seconds) * 1_000;
}

/** Without the time that preStop takes of it. */
function killGraceOf(template: Json, container: Json, model: Json): number {
  const total = number(record(template['spec'])['terminationGracePeriodSeconds']) ?? 30;
  const drain = readEnding(record(record(container['lifecycle'])['preStop']));
  const seconds = Math.max(0, total - (drain ?? 0));
  const told = number(model['killGraceMs']);
  return told !== undefined && Math.ceil(told / 1_000) === seconds ? told : seconds * 1_000;
}

function portNotes(container: Json, subject: string): readonly Note[] {
  const [first, ...others] = list(container['ports']);
  const what = others.map(({ name, containerPort }) => `port ${name ?? containerPort} of the container`);
  const host = first?.['hostPort'] === undefined ? [] : ['hostPort'];
  return [...what, ...host].map((field) => leftBehind(field, subject));
}

/** What tools read there: scrapers, meshes, injectors. */
function annotationNotes(template: Json, subject: string): readonly Note[] {
  const { annotations } = record(template['metadata']);
  return Object.keys(record(annotations))
    .filter((name) => !name.startsWith(digestPrefix) && !name.startsWith('kubectl.kubernetes.io/'))
    .map((name) => leftBehind(`the pods' annotation ${name}`, subject));
}

function specNotes(spec: Json, object: NativeObject, subject: string): readonly Note[] {
  const notes: Note[] = [];
  if (record(spec['strategy'])['type'] === 'Recreate') {
    const message =
      'Recreate ends all instances before new ones start; it is read as a rollout that may do so.';
    notes.push(note('strategy-recreate', 'info', message, { subject, fidelity: 'approximate' }));
  }
  const managers = list(record(object.body['metadata'])['managedFields']);
  const isScaled = managers.some(
    ({ manager, subresource }) => manager === 'kube-controller-manager' && subresource === 'scale',
  );
  if (isScaled) notes.push(leftBehind('the HorizontalPodAutoscaler that sets replicas', subject));
  return notes;
}
