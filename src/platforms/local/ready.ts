import type { Clock } from '../../host/host.ts';
import { type App, isSecret, type Service } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Counters, counterFor, type Failures, mostFailures, whyFailed } from '../failures.ts';
import { type Json, list, number, record, same, text } from '../json.ts';
import type { Readiness, ReadyContext } from '../platform.ts';
import { steadyMs, together } from '../readiness.ts';
import { compile } from './compile.ts';
import { managed } from './managed.ts';
import { serviceKind, serviceName } from './names.ts';
import type { Supervisor } from './supervisor.ts';

interface Looker {
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly counters: Counters;
}

/** See `Home.ready`: every service of the app is looked at once. */
export async function ready(looker: Looker, app: App, context: ReadyContext): Promise<Readiness | Failure> {
  const { objects } = compile(app);
  const looks: Readiness[] = [];
  for (const service of app.services) {
    const id = serviceName(app.name, service.name);
    const wanted = objects.find((object) => object.kind === serviceKind && object.id === id);
    const look = await lookAt(looker, service, wanted, id, context);
    if (isFailure(look)) return look;
    looks.push(look);
  }
  return together(looks);
}

async function lookAt(
  { supervisor, clock, counters }: Looker,
  service: Service,
  wanted: NativeObject | undefined,
  id: string,
  { since, signal }: ReadyContext,
): Promise<Readiness | Failure> {
  const live = await supervisor.get('services', id, { signal });
  if (isFailure(live)) return live;
  const none = { wanted: service.instances, running: 0, healthy: 0, done: true, ok: false };
  if (!live || live['removing'] === true) return { ...none, why: `somebody removed ${serviceKind} ${id}` };
  const changed = wanted ? differences(wanted, live) : [];
  if (changed.length > 0)
    return { ...none, why: `somebody changed ${changed.join(', ')} of ${serviceKind} ${id}` };
  const current = list(live['tasks']).filter(({ revision }) => revision === live['revision']);
  const running = current.filter(({ state }) => state === 'TASK_RUNNING');
  const healthy = running.filter((task) => !service.health || task['healthy'] === true);
  const counts = { wanted: service.instances, running: running.length, healthy: healthy.length };
  const failures = counterFor(counters, id, since)(failureLook(live, current, since));
  const rollout = record(live['rollout']);
  const isDone = rollout['state'] !== 'running' && healthy.length === service.instances;
  const isSteady =
    service.health !== undefined || running.every((task) => age(task, clock.now()) >= steadyMs);
  if (isDone && isSteady) return { ...counts, done: true, ok: true, why: '' };
  const log = logOf(live);
  if (failures.tasks.size >= mostFailures) {
    return { ...counts, done: true, ok: false, why: whyFailed(failures), ...log };
  }
  const why = whyWaiting(live, service, counts, failures, clock.now());
  return { ...counts, done: false, ok: false, why, ...(failures.last ? log : {}) };
}

/** Fields in which a live service is not as it was compiled. Secrets are taken on trust: nobody looks them up here. */
function differences(wanted: NativeObject, live: Json): readonly string[] {
  const found = managed({ ...wanted, body: live }).body;
  const trusted = record(wanted.body['env']);
  const env = Object.fromEntries(
    Object.entries(record(found['env'])).map(([name, value]) => [
      name,
      isSecret(trusted[name]) ? trusted[name] : value,
    ]),
  );
  const fields = new Set([...Object.keys(wanted.body), ...Object.keys(found)]);
  return [...fields].filter((field) => !same(wanted.body[field], field === 'env' ? env : found[field]));
}

function failureLook(live: Json, current: readonly Json[], since: number) {
  const starts = current.map((task) => ({
    instance: text(task['instance']) ?? '',
    incarnation: number(task['incarnation']) ?? 1,
    hasEnded: /FINISHED|FAILED|KILLED|LOST/.test(text(task['state']) ?? ''),
  }));
  const rollout = record(live['rollout']);
  const isNew = rollout['kind'] === 'replace' && timeOf(rollout['startedAt']) >= since;
  const last = record(live['lastFailure']);
  const counts = last['revision'] === live['revision'] && timeOf(last['at']) >= since;
  const failure = { task: text(last['task']) ?? '', message: text(last['message']) ?? '' };
  return { starts, isNew, last: counts ? failure : undefined };
}

function whyWaiting(
  live: Json,
  { health }: Service,
  counts: Pick<Readiness, 'wanted' | 'running' | 'healthy'>,
  failures: Failures,
  now: number,
): string {
  const { wanted, running, healthy } = counts;
  const tasks = list(live['tasks']);
  const old = tasks.filter(({ revision }) => revision !== live['revision']).length;
  const cause = tasks
    .map((task) => text(record(task['health'])['lastFailureCause']))
    .find((found) => found !== undefined);
  const until = timeOf(record(live['waiting'])['until']);
  const reasons = [
    ...(until > now ? [`the next start is held back for ${Math.ceil((until - now) / 1000)} s`] : []),
    ...(health && healthy < running && cause !== undefined
      ? [`health check ${health.path ?? health.protocol} fails: ${cause}`]
      : []),
    ...(failures.last ? [`last failure: ${failures.last.message}`] : []),
  ];
  const rest =
    old > 0
      ? [`${old} old ${old === 1 ? 'instance is' : 'instances are'} still there`]
      : ['watching whether it stays up'];
  const isThere = running >= wanted && healthy >= wanted;
  const head = health ? `${healthy} of ${wanted} healthy` : `${running} of ${wanted} running`;
  return [head, ...reasons, ...(reasons.length === 0 && isThere ? rest : [])].join('; ');
}

function logOf(live: Json): Pick<Readiness, 'log'> {
  const log = record(live['lastFailure'])['log'];
  return Array.isArray(log) ? { log: log.map(String) } : {};
}

function age(task: Json, now: number): number {
  return now - timeOf(task['startedAt']);
}

/** ms since 1970; 0 for none. */
function timeOf(value: unknown): number {
  return Date.parse(text(value) ?? '') || 0;
}
