import { type Failure, isFailure } from '../../model/failure.ts';
import { putJob } from './apply-job.ts';
import type { Links } from './links.ts';
import { appOf, jobObject } from './observe.ts';
import { isOneOff } from './read-job.ts';
import { scheduleFromNow } from './schedule-to-send.ts';

/** See `Home.setDuty`. What a job missed while it was disarmed it does not make up for. */
export async function setDuty(
  { chronos, clock }: Links,
  app: string,
  duty: 'armed' | 'disarmed',
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  if (!chronos) return undefined;
  const disabled = duty === 'disarmed';
  const jobs = await chronos.jobs(signal);
  if (isFailure(jobs)) return jobs;
  for (const job of jobs) {
    const object = jobObject(job);
    if (appOf(object) !== app || isOneOff(object) || (job['disabled'] === true) === disabled) continue;
    const schedule = disabled ? job['schedule'] : scheduleFromNow(job, clock.now());
    const timed = schedule === undefined ? {} : { schedule };
    const failure = await putJob({ chronos, clock }, { ...job, ...timed, disabled }, signal);
    if (failure) return failure;
  }
  return undefined;
}
