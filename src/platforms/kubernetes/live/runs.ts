import { type Failure, isFailure } from '../../../model/failure.ts';
import { given, type Json, list, record, text } from '../../json.ts';
import type { CronRun } from '../../platform.ts';
import { remembered } from '../../remarks.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import { stampsInAnnotations } from '../stamps.ts';
import { isOver } from './job-outcome.ts';
import { condition, timeOf } from './pod.ts';
import { ofApp, ours } from './selectors.ts';

/** Written by the controller of CronJobs on each Job that it makes, since Kubernetes 1.28. */
const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/**
 * See `Home.runsSince`: the Jobs of the app's CronJobs. The cluster keeps those that run, and of those that ended
 * only the last three good and the last three bad ones of each cron (`successfulJobsHistoryLimit`,
 * `failedJobsHistoryLimit`); it tells times in whole seconds.
 */
export async function runsSince(
  { cluster }: { readonly cluster: Cluster },
  app: string,
  sinceMs: number,
  signal?: AbortSignal,
): Promise<readonly CronRun[] | Failure> {
  const crons = await cluster.list(kinds.CronJob, { labels: `${ours},${ofApp(app)}`, signal });
  if (isFailure(crons)) return crons;
  if (crons.length === 0) return [];
  const jobs = await cluster.list(others.Job, { labels: ofApp(app), signal });
  if (isFailure(jobs)) return jobs;
  const names = new Map(crons.map((cron) => [text(record(cron['metadata'])['uid']), cronOf(cron)]));
  const since = Math.floor(sinceMs / 1000) * 1000;
  return jobs
    .flatMap((job) => runOf(job, names.get(ownerOf(job))) ?? [])
    .filter(({ startedAt }) => startedAt >= since)
    .toSorted((a, b) => a.startedAt - b.startedAt);
}

/** The model's name of the cron that a CronJob is. */
function cronOf({ metadata }: Json): string {
  const { name, annotations } = record(metadata);
  return text(remembered(stampsInAnnotations(annotations)).model['name']) ?? String(name);
}

function ownerOf({ metadata }: Json): string | undefined {
  const owner = list(record(metadata)['ownerReferences']).find(({ kind }) => kind === kinds.CronJob.kind);
  return text(owner?.['uid']);
}

function runOf(job: Json, cron: string | undefined): CronRun | undefined {
  if (cron === undefined) return undefined;
  const { creationTimestamp, annotations } = record(job['metadata']);
  const status = record(job['status']);
  const startedAt = timeOf(status['startTime']) || timeOf(creationTimestamp);
  const tick = timeOf(record(annotations)[scheduledAt]);
  const ended = isOver(job);
  return given({
    cron,
    scheduledAt: tick || undefined,
    startedAt,
    endedAt: ended ? endOf(status) || startedAt : undefined,
    ok: ended ? isGood(status) : undefined,
  });
}

/** A Job that failed has no time of completion, but the condition that says so has one. */
function endOf(status: Json): number {
  const failed = condition(list(status['conditions']), 'Failed');
  return timeOf(status['completionTime']) || timeOf(failed?.['lastTransitionTime']);
}

function isGood(status: Json): boolean {
  return condition(list(status['conditions']), 'Complete')?.['status'] === 'True';
}
