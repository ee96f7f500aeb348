import type { Job } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Json, number } from '../json.ts';
import type { ApplyContext, JobResult, JobRun } from '../platform.ts';
import { secretRefs, stampsOf } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import { putJob, removeJob } from './apply-job.ts';
import { variables } from './chronos-job.ts';
import { stampDescription, stampsInDescription } from './description.ts';
import { followTask } from './job-log.ts';
import { isFinished, outcome } from './job-outcome.ts';
import type { Links } from './links.ts';
import { chronosName } from './names.ts';
import { jobObject } from './observe.ts';
import { isOneOff } from './read-job.ts';

const pollMs = 200;

/**
 * See `Home.runJob`: a job of Chronos that repeats once. It stays there when it is over, disabled, so that a run
 * whose end was not written down anywhere else is not run again; the next deployment of the app sweeps it away.
 */
export async function runJob(links: Links, job: Job, run: JobRun): Promise<JobResult | Failure> {
  const { chronos, clock } = links;
  if (!chronos)
    return fail('unsupported', `The one-off task ${job.name} needs Chronos, and the home names none.`);
  const name = chronosName(run.id);
  const begun = await begin({ ...links, chronos }, name, job, run);
  if (isFailure(begun)) return begun;
  const log = followTask(links.sandboxes, name, run);
  const deadline = begunAt(begun, clock.now()) + job.timeoutMs;
  for (;;) {
    await log.read();
    const live = await chronos.job(name, run.signal);
    if (run.signal?.aborted) return fail('interrupted', `Stopped waiting for the task ${name}; it goes on.`);
    if (isFailure(live)) return live;
    const ended = outcome(live, log.task(), { name, job, late: clock.now() >= deadline });
    if (ended) {
      if (ended.late) await chronos.kill(name, run.signal);
      return await log.finish(ended);
    }
    await clock.sleep(pollMs, run.signal);
  }
}

/** Removes one-off tasks of earlier deployments that are over. */
export async function sweepJobs(
  { chronos, clock }: Links,
  context: ApplyContext,
): Promise<undefined | Failure> {
  if (!chronos) return undefined;
  const jobs = await chronos.jobs(context.signal);
  if (isFailure(jobs)) return jobs;
  const current = context.deployment ?? context.release.deployment;
  for (const job of jobs) {
    if (!isOneOff(jobObject(job)) || !isFinished(job)) continue;
    const { app, deployment } = stampsInDescription(job['description']);
    if (app !== context.release.app || deployment === current) continue;
    const failure = await removeJob({ chronos, clock }, String(job['name']), context.signal);
    if (failure) return failure;
  }
  return undefined;
}

/** The job as it is there: begun before, or now. */
async function begin(
  { chronos, clock }: Links & { chronos: NonNullable<Links['chronos']> },
  name: string,
  job: Job,
  run: JobRun,
): Promise<Json | Failure> {
  const before = await chronos.job(name, run.signal);
  if (before !== undefined) return before;
  const body = bodyOf(name, job, run, clock.now());
  const ready = revealed({ body }, run.reveal);
  if (isFailure(ready)) return ready;
  return (await putJob({ chronos, clock }, ready, run.signal)) ?? body;
}

function bodyOf(name: string, job: Job, run: JobRun, now: number): Json {
  const stamps = stampsOf(run.release, {}, secretRefs(job.env));
  return {
    name,
    schedule: 'R1//PT24H',
    description: stampDescription({ once: job.purpose, begun: String(now), ...stamps }),
    ownerName: run.app,
    command: job.command ?? '',
    container: { type: 'DOCKER', image: job.image },
    environmentVariables: variables(job.env),
    cpus: job.resources.cpus,
    mem: job.resources.memory,
    retries: 0,
    concurrent: false,
    disabled: false,
  };
}

function begunAt(job: Json, now: number): number {
  const { begun } = stampsInDescription(job['description']);
  return number(Number(begun)) ?? now;
}
