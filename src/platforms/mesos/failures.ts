import { type Json, record, text } from '../json.ts';
import { hasEnded, type MarathonTask } from './tasks.ts';

/** Failures of the wanted version since a rollout began, gathered over many looks. */
export interface Failures {
  /** Ids of the tasks that failed or were killed as unhealthy. */
  readonly tasks: ReadonlySet<string>;
  /** In Marathon's words. */
  readonly last: string | undefined;
  readonly lastTask: string | undefined;
}

export interface FailureLook {
  readonly app: Json;
  /** Tasks of the wanted version. */
  readonly tasks: readonly MarathonTask[];
  /** ms since 1970 by the server's clock: older failures do not count. */
  readonly since: number;
  /** When the wanted version came, by the server's clock. */
  readonly changedAt: number;
}

/** The server tells times of whole seconds in its Date header. */
const blurMs = 2_000;

/**
 * Marathon remembers one failure only. But an instance keeps its id when its task is started again, and counts,
 * so a count of n means n − 1 failures. In a version older than the rollout the first look is the zero.
 */
export function failureCounter(): (look: FailureLook) => Failures {
  const failed = new Set<string>();
  let zeros: ReadonlyMap<string, number> | undefined;
  return (look) => {
    const isNew = look.changedAt >= look.since - blurMs;
    zeros ??= new Map(isNew ? [] : look.tasks.map((task) => [task.instance, failuresOf(task)]));
    for (const task of look.tasks) {
      const from = (zeros.get(task.instance) ?? 0) + 1;
      for (let n = from; n <= failuresOf(task); n++) failed.add(`${task.instance}._app.${n}`);
    }
    const last = lastFailure(look, isNew);
    if (last.lastTask !== undefined) failed.add(last.lastTask);
    return { tasks: failed, ...last };
  };
}

function failuresOf(task: MarathonTask): number {
  return task.incarnation - (hasEnded(task) ? 0 : 1);
}

function lastFailure(
  { app, since, changedAt }: FailureLook,
  isNew: boolean,
): Pick<Failures, 'last' | 'lastTask'> {
  const failure = record(app['lastTaskFailure']);
  const at = Date.parse(text(failure['timestamp']) ?? '');
  const version = Date.parse(text(failure['version']) ?? '');
  const counts = version >= changedAt && at >= since - (isNew ? blurMs : 0);
  if (!counts) return { last: undefined, lastTask: undefined };
  return { last: text(failure['message']), lastTask: text(failure['taskId']) };
}
