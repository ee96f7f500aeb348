import type { Clock } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Json, list, same, text } from '../json.ts';
import type { ApplyContext } from '../platform.ts';
import { secretRefs, stampsOf } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import type { Chronos } from './chronos.ts';
import { stampDescription, stampsInDescription } from './description.ts';
import { managedJob } from './managed-job.ts';
import { chronosKind } from './names.ts';
import { quietJob } from './quiet-job.ts';
import { scheduleToSend } from './schedule-to-send.ts';

export interface Jobs {
  readonly chronos: Chronos;
  readonly clock: Clock;
}

/** Chronos answers before a write can be seen. */
const visibleWithinMs = 10_000;
const lookAgainMs = 50;

/**
 * Makes a job as wanted; does nothing where it is. A new one is disarmed until `setDuty`. Chronos takes its
 * counters from the body of a replacement, so the live ones go along, as does every field that we do not know.
 */
export async function applyJob(
  { chronos, clock }: Jobs,
  wanted: NativeObject,
  context: ApplyContext,
): Promise<undefined | Failure> {
  const body = revealed(wanted, context.reveal);
  if (isFailure(body)) return body;
  const live = await quietJob({ chronos, clock }, wanted.id, context.signal);
  if (isFailure(live)) return live;
  if (live && same(managedJob({ kind: chronosKind, id: wanted.id, body: live }).body, body)) return undefined;
  const owner = stampsInDescription(live?.['description'])['app'];
  if (owner !== undefined && owner !== context.release.app) return taken(wanted.id, owner);
  const { parents: _, ...rest } = live ?? {};
  const job = {
    ...rest,
    ...body,
    ...cleared(live, body),
    schedule: scheduleToSend(body, live, clock.now()),
    disabled: live ? live['disabled'] === true : true,
    description: describe(wanted, context),
  };
  return await putJob({ chronos, clock }, job, context.signal);
}

export async function removeJob({ chronos, clock }: Jobs, name: string, signal?: AbortSignal) {
  const failure = await chronos.remove(name, signal);
  return failure ?? (await until({ chronos, clock }, name, (live) => live === undefined, signal));
}

/** Writes a job and waits until it can be seen. After an uncertain answer it looks before it writes again. */
export async function putJob(
  { chronos, clock }: Jobs,
  job: Json,
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  const name = String(job['name']);
  // A job that runs once disables itself when it is over.
  const runsOnce = text(job['schedule'])?.startsWith('R1/') === true;
  const isThere = (live: Json | undefined) =>
    live?.['description'] === job['description'] && (runsOnce || live?.['disabled'] === job['disabled']);
  for (let attempt = 0; ; attempt++) {
    const failure = await chronos.put(job, signal);
    if (!failure) return await until({ chronos, clock }, name, isThere, signal);
    if (failure.code !== 'unreachable' && failure.code !== 'server-error') return failure;
    if (attempt >= 2 || signal?.aborted) return failure;
    await clock.sleep(200 * 2 ** attempt, signal);
    const live = await chronos.job(name, signal);
    if (!isFailure(live) && isThere(live)) return undefined;
  }
}

async function until(
  { chronos, clock }: Jobs,
  name: string,
  isIt: (live: Json | undefined) => boolean,
  signal: AbortSignal | undefined,
): Promise<undefined | Failure> {
  const end = clock.now() + visibleWithinMs;
  for (;;) {
    const live = await chronos.job(name, signal);
    if (isFailure(live)) return live;
    if (isIt(live)) return undefined;
    if (signal?.aborted) return fail('interrupted', `Stopped while Chronos was taking in the job ${name}.`);
    if (clock.now() >= end)
      return fail('server-error', `Chronos accepted the job ${name} but does not show it.`);
    await clock.sleep(lookAgainMs, signal);
  }
}

/** Two apps with a cron of one name would overwrite each other for ever. */
function taken(name: string, owner: string): Failure {
  return fail('refused', `The chronos job ${name} belongs to the app ${owner}.`, {
    hint: 'give the cron another name',
  });
}

function describe(wanted: NativeObject, { release }: ApplyContext): string {
  const variables = list(wanted.body['environmentVariables']).map(({ name, value }) => [String(name), value]);
  const refs = secretRefs(Object.fromEntries(variables));
  return stampDescription(stampsOf(release, wanted.remarks, refs));
}

/** Fields that the live job has and the wanted one has not would survive in a copy of the live one. */
function cleared(live: Json | undefined, body: Json): Json {
  const empty: Json = { arguments: [], shell: true, scheduleTimeZone: '' };
  const kept = Object.entries(empty).filter(([key]) => live?.[key] !== undefined && body[key] === undefined);
  return Object.fromEntries(kept);
}
