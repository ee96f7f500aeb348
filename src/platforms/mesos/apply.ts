import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Change } from '../../model/native.ts';
import type { ApplyContext } from '../platform.ts';
import { applyApp, removeApp } from './apply-app.ts';
import { applyJob, removeJob } from './apply-job.ts';
import { sweepJobs } from './jobs.ts';
import type { Links } from './links.ts';
import { chronosKind } from './names.ts';

/** See `Home.apply`. Each change looks before it writes, so that twice is the same as once. */
export async function apply(
  links: Links,
  changes: readonly Change[],
  context: ApplyContext,
): Promise<undefined | Failure> {
  for (const change of changes) {
    const failure = await carryOut(links, change, context);
    if (isFailure(failure)) return failure;
  }
  return await sweepJobs(links, context);
}

async function carryOut(links: Links, change: Change, context: ApplyContext): Promise<undefined | Failure> {
  const object = change.after ?? change.before;
  if (!object) return undefined;
  const { chronos, clock } = links;
  if (object.kind !== chronosKind) {
    return change.after
      ? await applyApp(links, change.after, context)
      : await removeApp(links, object.id, context);
  }
  if (!chronos) return fail('unsupported', `${change.object}: the home names no Chronos.`);
  return change.after
    ? await applyJob({ chronos, clock }, change.after, context)
    : await removeJob({ chronos, clock }, object.id, context.signal);
}
