import { type Failure, isFailure } from '../../model/failure.ts';
import { given, type Json, list, number, text } from '../json.ts';
import type { CronRun } from '../platform.ts';
import { remembered } from '../remarks.ts';
import { stampsInDescription } from './description.ts';
import type { Links } from './links.ts';
import { appOf, jobObject } from './observe.ts';
import { isOneOff } from './read-job.ts';
import { noMesos } from './sandboxes.ts';
import { hasEnded } from './tasks.ts';

/**
 * See `Home.runsSince`. Chronos keeps no history of runs, but they are tasks of Mesos, and the master remembers a
 * thousand ended ones of each framework (`--max_completed_tasks_per_framework`). Their ids say of which tick they are:
 * `ct:<due ms>:<attempt>:<job>:<arguments>`.
 */
export async function runsSince(
  { chronos, sandboxes, clock }: Links,
  app: string,
  sinceMs: number,
  signal?: AbortSignal,
): Promise<readonly CronRun[] | Failure> {
  const jobs = chronos ? await chronos.jobs(signal) : [];
  if (isFailure(jobs)) return jobs;
  const own = jobs.filter((job) => appOf(jobObject(job)) === app && !isOneOff(jobObject(job)));
  if (own.length === 0) return [];
  if (!sandboxes) return noMesos('Runs of crons');
  const tasks = await sandboxes.tasks(signal);
  if (isFailure(tasks)) return tasks;
  const names = new Map(own.map((job) => [String(job['name']), cronOf(job)]));
  return tasks
    .flatMap((task) => runOf(task, names, clock.now()) ?? [])
    .filter(({ startedAt }) => startedAt >= sinceMs)
    .toSorted((a, b) => a.startedAt - b.startedAt);
}

/** The model's name of the cron that a job is. */
function cronOf(job: Json): string {
  const { model } = remembered(stampsInDescription(job['description']));
  return text(model['name']) ?? String(job['name']);
}

function runOf(task: Json, crons: ReadonlyMap<string, string>, now: number): CronRun | undefined {
  const [, due, job = ''] = /^ct:(\d+):\d+:([^:]*)(?::|$)/.exec(text(task['id']) ?? '') ?? [];
  const cron = crons.get(job);
  if (cron === undefined) return undefined;
  const state = text(task['state']) ?? '';
  const updates = list(task['statuses']);
  const times = updates.flatMap(({ timestamp }) => number(timestamp) ?? []).map(toMs);
  const ended = hasEnded({ state });
  return given({
    cron,
    scheduledAt: Number(due),
    // A task that no agent has told of yet begins now at the earliest.
    startedAt: times.length > 0 ? Math.min(...times) : Math.max(now, Number(due)),
    endedAt: ended ? Math.max(Number(due), ...times) : undefined,
    ok: ended ? state === 'TASK_FINISHED' : undefined,
  });
}

/** Mesos tells seconds, with fractions. */
function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
