import { type Failure, isFailure } from '../../model/failure.ts';
import { type Json, list, number, text } from '../json.ts';
import type { News } from '../listener.ts';
import type { Endpoint } from '../platform.ts';
import type { Links } from './links.ts';
import { marathonId } from './names.ts';
import { isHealthy, type MarathonTask, tasksOf } from './tasks.ts';

/** Without events the app is read this often, ms; with them now and then all the same. */
const pollMs = 500;
const refreshMs = 30_000;

/**
 * See `Home.endpoints`. Mesos ends a task as soon as it is told to, so an instance leaves with the very event
 * that says it is being ended; whatever joins is read from Marathon.
 */
export async function* endpoints(
  links: Links,
  app: string,
  signal: AbortSignal,
): AsyncIterable<readonly Endpoint[] | Failure> {
  const view = viewOf(links, marathonId(app), signal);
  try {
    while (!signal.aborted) {
      const next = view.next();
      if (next) yield next;
      else if (!view.isStale()) await view.rest();
      else yield* await view.look();
    }
  } finally {
    view.close();
  }
}

function viewOf({ marathon, listener, clock }: Links, id: string, signal: AbortSignal) {
  const gone = new Set<string>();
  let known: readonly Endpoint[] | undefined;
  let told: string | undefined;
  let isStale = true;
  let wake = new AbortController();

  const close = listener.listen((news) => {
    if (news.type === 'event' && !news.subjects.includes(id)) return;
    const left = leaving(news);
    if (left) gone.add(left);
    isStale = true;
    wake.abort();
  });

  /** The instances, where they are others than when they were last told. */
  function next(): readonly Endpoint[] | undefined {
    const now = known?.filter((endpoint) => !gone.has(endpoint.id));
    const text = JSON.stringify(now);
    if (text === told) return undefined;
    told = text;
    return now;
  }

  async function look(): Promise<readonly Failure[]> {
    isStale = false;
    const live = await marathon.app(id, signal);
    if (signal.aborted) return [];
    if (isFailure(live)) {
      isStale = true;
      await clock.sleep(pollMs, signal);
      return [live];
    }
    known = live ? serving(live.app) : [];
    forget(gone, live ? tasksOf(live.app) : []);
    return [];
  }

  async function rest(): Promise<void> {
    await clock.sleep(listener.connected() ? refreshMs : pollMs, AbortSignal.any([signal, wake.signal]));
    isStale = true;
    wake = new AbortController();
  }

  return { next, look, rest, isStale: () => isStale, close };
}

/** An instance that has become unhealthy may come back; a task that is being ended never does. */
function leaving(news: News): string | undefined {
  if (news.type !== 'event' || news.name !== 'status_update_event') return undefined;
  const state = text(news.data['taskStatus']);
  const isUp = state === 'TASK_STAGING' || state === 'TASK_STARTING' || state === 'TASK_RUNNING';
  return isUp ? undefined : text(news.data['taskId']);
}

/** Ids are used once, so those that Marathon has forgotten can be forgotten here. */
function forget(gone: Set<string>, tasks: readonly MarathonTask[]): void {
  for (const id of gone) if (!tasks.some((task) => task.id === id)) gone.delete(id);
}

/**
 * Running and healthy. Where a check fails everywhere at once it is rather the check or the machine that is ill:
 * then those stay that were healthy before and are not due to be replaced.
 */
function serving(app: Json): readonly Endpoint[] {
  const running = tasksOf(app).filter(({ state, port }) => state === 'TASK_RUNNING' && port !== undefined);
  const healthy = running.filter((task) => isHealthy(app, task));
  const chosen = healthy.length > 0 ? healthy : running.filter((task) => wasHealthy(app, task));
  return chosen.flatMap(({ id, host, port }) => (port === undefined ? [] : [{ id, host, port }]));
}

function wasHealthy(app: Json, task: MarathonTask): boolean {
  const most = number(list(app['healthChecks'])[0]?.['maxConsecutiveFailures']) ?? 3;
  return (
    task.checks.length > 0 &&
    task.checks.every(
      (check) => check['firstSuccess'] !== undefined && (number(check['consecutiveFailures']) ?? 0) < most,
    )
  );
}
