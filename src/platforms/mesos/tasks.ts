import { type Json, list, text } from '../json.ts';

/** One task of a Marathon app, as its API shows it. */
export interface MarathonTask {
  readonly id: string;
  /** `demo_web.instance-UUID`: stays when the task is started again. */
  readonly instance: string;
  /** From 1; each start of an instance is one more. */
  readonly incarnation: number;
  readonly state: string;
  readonly version: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly startedAt: number | undefined;
  readonly checks: readonly Json[];
}

export function tasksOf(app: Json): readonly MarathonTask[] {
  return list(app['tasks']).map(taskOf);
}

function taskOf(task: Json): MarathonTask {
  const id = text(task['id']) ?? '';
  const [, instance = id, incarnation = '1'] = /^(.*?)\._app\.(\d+)$/.exec(id) ?? [];
  const ports = Array.isArray(task['ports']) ? task['ports'].filter((port) => typeof port === 'number') : [];
  const startedAt = Date.parse(text(task['startedAt']) ?? '');
  return {
    id,
    instance,
    incarnation: Number(incarnation),
    state: text(task['state']) ?? '',
    version: text(task['version']) ?? '',
    host: text(task['host']) ?? '',
    port: ports[0],
    startedAt: Number.isNaN(startedAt) ? undefined : startedAt,
    checks: list(task['healthCheckResults']),
  };
}

/** Every health check of the app has had a good answer, and none worse since. */
export function isHealthy(app: Json, task: MarathonTask): boolean {
  const wanted = list(app['healthChecks']).length;
  return task.checks.length >= wanted && task.checks.every((check) => check['alive'] === true);
}

const ended: ReadonlySet<string> = new Set([
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_FINISHED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
]);

export function hasEnded({ state }: Pick<MarathonTask, 'state'>): boolean {
  return ended.has(state);
}
