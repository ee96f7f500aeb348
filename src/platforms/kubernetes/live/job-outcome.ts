import type { Job } from '../../../model/app.ts';
import { type Json, list, record } from '../../json.ts';
import type { JobResult } from '../../platform.ts';
import { endedWords } from './ending.ts';
import { condition, type Pod } from './pod.ts';
import { memoryLimit } from './requests.ts';
import { lostTrouble, told, troubleOf } from './trouble.ts';

/** How a task ended, but for its log. */
export type Outcome = Omit<JobResult, 'log'>;

export function isOver(job: Json): boolean {
  return conditionOf(job, 'Complete') !== undefined || conditionOf(job, 'Failed') !== undefined;
}

/** `pod` as it was seen last: its container's end says more than the Job does. */
export function outcome(job: Json, pod: Pod | undefined, { timeoutMs }: Job): Outcome {
  const exitCode = pod?.containers.find(({ ended }) => ended)?.ended?.exitCode;
  const code = exitCode === undefined ? {} : { exitCode };
  if (conditionOf(job, 'Complete')) return { ok: true, ...code, why: 'done' };
  const failed = conditionOf(job, 'Failed');
  if (failed?.['reason'] !== 'DeadlineExceeded') return { ok: false, ...code, why: whyFailed(failed, pod) };
  const trouble = pod && pod.phase === 'Pending' ? troubleOf(pod, []) : undefined;
  const late = `it was ended after ${timeoutMs / 1000} s, which is all it may take`;
  return { ok: false, why: trouble ? `${late}; ${told(trouble)}` : late };
}

function whyFailed(failed: Json | undefined, pod: Pod | undefined): string {
  const lost = pod && lostTrouble(pod);
  if (lost) return told(lost);
  const own = pod?.containers.find(({ ended }) => ended);
  if (pod && own?.ended) return endedWords(own.ended, memoryLimit(pod, own.name));
  if (failed?.['reason'] !== 'BackoffLimitExceeded') return String(failed?.['message'] ?? 'no reason given');
  return 'fault of the cluster: its pod was taken away before its end';
}

function conditionOf(job: Json, type: string): Json | undefined {
  const found = condition(list(record(job['status'])['conditions']), type);
  return found?.['status'] === 'True' ? found : undefined;
}
