import { type Failure, isFailure } from '../../model/failure.ts';
import type { Change, NativeObject } from '../../model/native.ts';
import { record, same, text } from '../json.ts';
import { foreignLabels, stampLabels, stampsInLabels } from '../labels.ts';
import type { ApplyContext } from '../platform.ts';
import { secretRefs, stampsOf } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import { managed } from './managed.ts';
import { cronKind } from './names.ts';
import type { Kind, Supervisor } from './supervisor.ts';

/** See `Home.apply`. The supervisor compares by itself what it is told, and a new write supersedes a rollout. */
export async function apply(
  supervisor: Supervisor,
  changes: readonly Change[],
  context: ApplyContext,
): Promise<undefined | Failure> {
  for (const change of changes) {
    const object = change.after ?? change.before;
    if (!object) continue;
    const kind = object.kind === cronKind ? 'crons' : 'services';
    const failure = change.after
      ? await write(supervisor, kind, change.after, context)
      : await supervisor.remove(kind, object.id, context.signal);
    if (failure) return failure;
  }
  return await sweepJobs(supervisor, context);
}

/** A new cron is disarmed until `setDuty`. Labels of others stay. */
async function write(
  supervisor: Supervisor,
  kind: Kind,
  wanted: NativeObject,
  context: ApplyContext,
): Promise<undefined | Failure> {
  const body = revealed(wanted, context.reveal);
  if (isFailure(body)) return body;
  const live = await supervisor.get(kind, wanted.id, { signal: context.signal });
  if (isFailure(live)) return live;
  const there = live && live['removing'] !== true;
  if (there && same(managed({ ...wanted, body: live }).body, body)) return undefined;
  const refs = secretRefs(record(wanted.body['env']));
  const labels = {
    ...foreignLabels(live?.['labels']),
    ...stampLabels(stampsOf(context.release, wanted.remarks, refs)),
  };
  const armed = kind === 'crons' ? { armed: live?.['armed'] === true } : {};
  const answer = await supervisor.put(kind, wanted.id, { ...body, ...armed, labels }, context.signal);
  return isFailure(answer) ? answer : undefined;
}

/** Forgets one-off tasks of earlier deployments of the app. */
async function sweepJobs(supervisor: Supervisor, context: ApplyContext): Promise<undefined | Failure> {
  const jobs = await supervisor.list('jobs', context.signal);
  if (isFailure(jobs)) return jobs;
  const current = context.deployment ?? context.release.deployment;
  for (const job of jobs) {
    const { app, deployment } = stampsInLabels(job['labels']);
    if (app !== context.release.app || deployment === current || job['state'] === 'running') continue;
    const failure = await supervisor.remove('jobs', text(job['id']) ?? '', context.signal);
    if (failure) return failure;
  }
  return undefined;
}
