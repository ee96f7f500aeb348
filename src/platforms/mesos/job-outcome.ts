import type { Job } from '../../model/app.ts';
import { type Json, number, text } from '../json.ts';
import type { Sandbox } from './sandboxes.ts';

/** How a task that runs once ended; undefined while it goes on. */
export interface Ended {
  readonly ok: boolean;
  /** It took longer than it may, and has to be killed. */
  readonly late: boolean;
  readonly why: string;
}

/** Chronos counts ends; it keeps no exit codes, and a task that was killed counts for nothing. */
export function outcome(
  live: Json | undefined,
  task: Sandbox | undefined,
  { name, job, late }: { readonly name: string; readonly job: Job; readonly late: boolean },
): Ended | undefined {
  if (live === undefined)
    return { ok: false, late: false, why: `somebody removed the job ${name} from Chronos` };
  if (count(live, 'successCount') > 0) return { ok: true, late: false, why: 'done' };
  if (count(live, 'errorCount') > 0) return { ok: false, late: false, why: failureOf(live, task) };
  if (task && killed.has(task.state))
    return { ok: false, late: false, why: `somebody ended it (${task.state})` };
  if (!late) return undefined;
  return {
    ok: false,
    late: true,
    why: `it was ended after ${Math.round(job.timeoutMs / 1000)} s, which is all it may take`,
  };
}

export function isFinished(live: Json): boolean {
  return live['disabled'] === true || count(live, 'successCount') + count(live, 'errorCount') > 0;
}

const killed: ReadonlySet<string> = new Set(['TASK_KILLED', 'TASK_LOST', 'TASK_GONE']);

function failureOf(live: Json, task: Sandbox | undefined): string {
  if (task?.message) return task.message;
  return `it failed at ${text(live['lastError']) || 'a time that Chronos does not tell'}`;
}

function count(live: Json, key: string): number {
  return number(live[key]) ?? 0;
}
