import type { App, Service } from '../../../model/app.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Counters, counterFor, type Failures, mostFailures, whyFailed } from '../../failures.ts';
import { type Json, record } from '../../json.ts';
import type { Readiness, ReadyContext } from '../../platform.ts';
import { together } from '../../readiness.ts';
import { compile } from '../compile/compile.ts';
import { componentLabel, serviceComponent } from '../compile/labels.ts';
import { managed } from '../read/managed.ts';
import { stampsInAnnotations } from '../stamps.ts';
import { differences, lastManager, lost } from './differences.ts';
import type { Live } from './live.ts';
import { type EventsByPod, lastFailure, startsOf } from './pod-failures.ts';
import { logOf } from './pod-log.ts';
import { isComplete, type Member, type Rollout, rolloutsOf, type Wanted } from './rollout.ts';
import { type Trouble, told } from './trouble.ts';
import { troublesOf } from './troubles.ts';
import { whyWaiting } from './why.ts';

export interface Looker extends Omit<Live, 'listener'> {
  readonly counters: Counters;
}

/** Clocks tell whole seconds here, and that of the cluster may be a little off, ms. */
const blurMs = 2_000;

/** See `Home.ready`: every Deployment of the app is looked at once. */
export async function ready(looker: Looker, app: App, context: ReadyContext): Promise<Readiness | Failure> {
  const rollouts = await rolloutsOf(looker.cluster, app, wantedOf(app, looker.target), context.signal);
  if (isFailure(rollouts)) return rollouts;
  return together(await Promise.all(rollouts.map((rollout) => lookAt(looker, rollout, context))));
}

/** Which Deployment a service is, its labels tell. */
function wantedOf(app: App, target: Looker['target']): readonly Wanted[] {
  const { objects } = compile(app, target);
  return app.services.flatMap((service) => {
    const object = objects.find(({ kind, body }) => kind === 'Deployment' && isOf(service, body));
    return object ? [{ service, object }] : [];
  });
}

function isOf({ name }: Service, deployment: Json): boolean {
  return record(record(deployment['metadata'])['labels'])[componentLabel] === serviceComponent(name);
}

async function lookAt(looker: Looker, rollout: Rollout, context: ReadyContext): Promise<Readiness> {
  const { current } = rollout;
  const { instances } = rollout.wanted.service;
  const healthy = current.filter(({ pod }) => pod.isReady).length;
  const counts = { wanted: instances, running: current.filter(isRunning).length, healthy };
  const meddled = meddledWith(rollout, context);
  if (meddled !== undefined) return over(counts, meddled);
  // Also where all is well: what comes later is counted from here.
  count(looker, rollout, new Map(), context);
  const isDone = isComplete(rollout) && healthy >= instances && !stillAnswers(looker, rollout);
  if (isDone) return { ...counts, done: true, ok: true, why: '' };

  const { troubles, events } = await troublesOf(looker, rollout, context.signal);
  const failures = count(looker, rollout, events, context);
  const ill = current.filter(({ pod }) => events.has(pod.uid));
  const log = await logOf(looker.cluster, ill, failures, context.signal);
  const final = troubles.find(({ isFinal }) => isFinal);
  if (failures.tasks.size >= mostFailures)
    return { ...over(counts, `fault of the app: ${whyFailed(failures)}`), ...log };
  if (final) return { ...over(counts, told(final)), ...log };
  const why = whyWaiting(rollout, counts, [...troubles, ...failing(failures)]);
  return { ...counts, done: false, ok: false, why, ...log };
}

/**
 * Whether an old pod may still answer for the app. Whoever follows pods has let go of it; a node port leads to it as
 * long as somebody keeps a connection.
 */
function stillAnswers({ target, clock }: Looker, { ending }: Rollout): boolean {
  if (target.settings.service !== 'NodePort') return false;
  return ending.some(({ endsBy }) => endsBy + blurMs > clock.now());
}

function isRunning({ container }: Member): boolean {
  return container?.runningSince !== undefined;
}

/** `somebody (kubectl-edit) changed spec.replicas of Deployment hcn-deployment` */
function meddledWith({ live, wanted: { object } }: Rollout, { release }: ReadyContext): string | undefined {
  if (!live || record(live['metadata'])['deletionTimestamp'] !== undefined)
    return `somebody removed Deployment ${object.id}`;
  const { annotations } = record(live['metadata']);
  const isOurs = stampsInAnnotations(annotations)['deployment'] === release.deployment;
  const changed = (isOurs ? lost : differences)(object, managed({ ...object, body: live }));
  if (changed.length === 0) return undefined;
  const manager = lastManager(live);
  const who = manager === undefined ? 'somebody' : `somebody (${manager})`;
  return `${who} changed ${changed.join(', ')} of Deployment ${object.id}`;
}

function count(
  { counters }: Looker,
  { set, current, wanted: { object } }: Rollout,
  events: EventsByPod,
  { since }: ReadyContext,
): Failures {
  if (!set) return { tasks: new Set(), last: undefined };
  const isNew = set.createdAt >= since - blurMs;
  const last = lastFailure(current, events, isNew ? 0 : since);
  const counter = counterFor(counters, object.id, since);
  return counter({ starts: current.flatMap(startsOf), isNew, last });
}

function failing({ last, tasks }: Failures): readonly Trouble[] {
  if (!last || tasks.size === 0) return [];
  const times = tasks.size === 1 ? 'once' : `${tasks.size} times`;
  return [{ faultOf: 'app', words: `it failed ${times}, the last time: ${last.message}`, isFinal: false }];
}

function over(counts: Pick<Readiness, 'wanted' | 'running' | 'healthy'>, why: string): Readiness {
  return { ...counts, done: true, ok: false, why };
}
