import type { App, Service } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import {
  type Counters,
  counterFor,
  type Failures,
  mostFailures,
  type TaskFailure,
  whyFailed,
} from '../failures.ts';
import { list, record, text } from '../json.ts';
import type { Readiness, ReadyContext, Target } from '../platform.ts';
import { steadyMs, together } from '../readiness.ts';
import { compile } from './compile.ts';
import type { Links } from './links.ts';
import type { LiveApp } from './marathon.ts';
import { marathonId, marathonKind } from './names.ts';
import { differences } from './same-definition.ts';
import { tailOf } from './sandboxes.ts';
import type { MesosSettings } from './settings.ts';
import { hasEnded, isHealthy, type MarathonTask, tasksOf } from './tasks.ts';
import { whyWaiting } from './why.ts';

const logLines = 20;

/** See `Home.ready`: every service of the app is looked at once. */
export async function ready(
  links: Links,
  counters: Counters,
  target: Target<MesosSettings>,
  app: App,
  context: ReadyContext,
): Promise<Readiness | Failure> {
  const { objects } = compile(app, target);
  const looks = await Promise.all(
    app.services.map(async (service) => {
      const id = marathonId(app.name, service.name);
      const wanted = objects.find((object) => object.id === id);
      return await lookAt(links, counters, { service, id, wanted }, context);
    }),
  );
  const good: Readiness[] = [];
  for (const look of looks) {
    if (isFailure(look)) return look;
    good.push(look);
  }
  return together(good);
}

interface Wanted {
  readonly service: Service;
  readonly id: string;
  readonly wanted: NativeObject | undefined;
}

async function lookAt(
  links: Links,
  counters: Counters,
  { service, id, wanted }: Wanted,
  context: ReadyContext,
) {
  const live = await links.marathon.app(id, context.signal);
  if (isFailure(live)) return live;
  const none = { wanted: service.instances, running: 0, healthy: 0 };
  if (!live) return over({ ...none, why: `somebody removed marathon app ${id}` });
  const changed = wanted ? differences(wanted, { kind: marathonKind, id, body: live.app }) : [];
  if (changed.length > 0)
    return over({ ...none, why: `somebody changed ${changed.join(', ')} of marathon app ${id}` });
  const state = stateOf(live, service);
  const failures = count(counters, id, live, state, context);
  const counts = { wanted: service.instances, running: state.running.length, healthy: state.healthy.length };
  if (state.isDone && state.isSteady) return { ...counts, done: true, ok: true, why: '' };
  if (failures.tasks.size >= mostFailures) {
    return {
      ...over({ ...counts, why: whyFailed(failures) }),
      log: await logOf(links, state, failures, context),
    };
  }
  if (isStopped(live, state))
    return over({ ...counts, why: `somebody stopped the rollout of marathon app ${id} half-way` });
  const why = await whyWaiting(links, { id, live, state, failures }, context.signal);
  const isIll = failures.tasks.size > 0 || state.healthy.length < state.running.length;
  return {
    ...counts,
    done: false,
    ok: false,
    why,
    ...(isIll ? { log: await logOf(links, state, failures, context) } : {}),
  };
}

export interface AppState {
  /** Tasks of the wanted version, and all others that have not ended. */
  readonly current: readonly MarathonTask[];
  readonly old: readonly MarathonTask[];
  readonly running: readonly MarathonTask[];
  readonly healthy: readonly MarathonTask[];
  readonly deployments: readonly string[];
  readonly changedAt: number;
  readonly hasChecks: boolean;
  readonly isDone: boolean;
  readonly isSteady: boolean;
}

/** Scaling gives an app a new version and leaves its tasks the old one: what counts is the last change of the rest. */
function stateOf({ app, now }: LiveApp, service: Service): AppState {
  const changed = text(record(app['versionInfo'])['lastConfigChangeAt']) ?? text(app['version']) ?? '';
  const tasks = tasksOf(app);
  const current = tasks.filter(({ version }) => version >= changed);
  const running = current.filter(({ state }) => state === 'TASK_RUNNING');
  const hasChecks = list(app['healthChecks']).length > 0;
  const healthy = running.filter((task) => isHealthy(app, task));
  const old = tasks.filter((task) => task.version < changed && !hasEnded(task));
  const deployments = list(app['deployments']).map(({ id }) => String(id));
  const enough = running.length === service.instances && healthy.length === service.instances;
  const youngest = Math.max(...running.map(({ startedAt }) => startedAt ?? now));
  return {
    current,
    old,
    running,
    healthy,
    deployments,
    changedAt: Date.parse(changed),
    hasChecks,
    isDone: deployments.length === 0 && enough && old.length === 0,
    isSteady: hasChecks || running.length === 0 || now - youngest >= steadyMs,
  };
}

/** The server tells the time of its answers in whole seconds. */
const blurMs = 2_000;

function count(
  counters: Counters,
  id: string,
  live: LiveApp,
  state: AppState,
  { since }: ReadyContext,
): Failures {
  const sinceThere = since + (live.now - live.here);
  const isNew = state.changedAt >= sinceThere - blurMs;
  const starts = state.current.map((task) => ({ ...task, hasEnded: hasEnded(task) }));
  const last = lastFailure(live, state, sinceThere - (isNew ? blurMs : 0));
  return counterFor(counters, id, since)({ starts, isNew, last });
}

function lastFailure({ app }: LiveApp, { changedAt }: AppState, since: number): TaskFailure | undefined {
  const failure = record(app['lastTaskFailure']);
  const version = Date.parse(text(failure['version']) ?? '');
  const at = Date.parse(text(failure['timestamp']) ?? '');
  if (!(version >= changedAt && at >= since)) return undefined;
  return { task: text(failure['taskId']) ?? '', message: text(failure['message']) || 'no reason given' };
}

/** Ended by hand, mixed instances stay for ever. A moment after a write this only looks so. */
function isStopped({ now }: LiveApp, { deployments, old, changedAt }: AppState): boolean {
  return deployments.length === 0 && old.length > 0 && now - changedAt > 10_000;
}

/** Of the task that failed last, else of one that is not healthy. */
async function logOf({ sandboxes }: Links, state: AppState, failures: Failures, { signal }: ReadyContext) {
  const ill = state.running.find((task) => !state.healthy.includes(task));
  const task = failures.last?.task ?? ill?.id ?? state.current[0]?.instance;
  return sandboxes && task ? await tailOf(sandboxes, task, logLines, signal) : [];
}

function over(counts: Omit<Readiness, 'done' | 'ok'>): Readiness {
  return { ...counts, done: true, ok: false };
}
