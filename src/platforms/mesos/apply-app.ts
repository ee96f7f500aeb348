import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Json, record, same, text } from '../json.ts';
import type { ApplyContext } from '../platform.ts';
import { stampsOf, texts } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import { managedApp } from './managed-app.ts';
import type { Marathon, Written } from './marathon.ts';
import { marathonKind } from './names.ts';
import { isOwnDeployment } from './own-deployment.ts';
import { routeLabels } from './routes.ts';
import { isStamp, stampLabels, stampsInLabels } from './stamps.ts';

/** Makes an app as wanted; does nothing where it is. Fields that rehome does not know stay as they are. */
export async function applyApp(
  marathon: Marathon,
  wanted: NativeObject,
  context: ApplyContext,
): Promise<undefined | Failure> {
  const { id } = wanted;
  const body = revealed(wanted, context.reveal);
  if (isFailure(body)) return body;
  const live = await marathon.app(id, context.signal);
  if (isFailure(live)) return live;
  const managed = live && managedApp({ kind: marathonKind, id, body: live.app }).body;
  if (managed && same(managed, body)) return undefined;
  const labels = {
    ...kept(texts(live?.app['labels'])),
    ...record(body['labels']),
    ...stamps(wanted, context),
  };
  const cleared = Object.keys(managed ?? {}).filter((key) => body[key] === undefined && key !== 'labels');
  const payload = { ...body, ...Object.fromEntries(cleared.map((key) => [key, emptyOf(key)])), labels };
  return await whenUnlocked(marathon, id, context, () => marathon.put(id, payload, context.signal));
}

export async function removeApp(
  marathon: Marathon,
  id: string,
  context: ApplyContext,
): Promise<undefined | Failure> {
  return await whenUnlocked(marathon, id, context, () => marathon.remove(id, context.signal));
}

/** Labels of others, which Marathon would drop with a new map. */
function kept(labels: Readonly<Record<string, string>>): Json {
  const others = Object.entries(labels).filter(
    ([label]) => !isStamp(label) && !routeLabels.some((own) => own === label),
  );
  return Object.fromEntries(others);
}

function stamps(wanted: NativeObject, { release }: ApplyContext): Json {
  const refs = Object.entries(record(wanted.body['env'])).flatMap(([name, value]) => {
    const ref = text(record(value)['ref']);
    return ref === undefined ? [] : [[name, ref] as const];
  });
  return stampLabels(stampsOf(release, wanted.remarks, Object.fromEntries(refs)));
}

/** A PUT merges: what is to go has to be said. */
function emptyOf(key: string): unknown {
  if (key === 'healthChecks') return [];
  return key === 'requirePorts' ? false : null;
}

/** Own deployments that are under way are superseded, one after the other; those of others never are. */
async function whenUnlocked(
  marathon: Marathon,
  id: string,
  context: ApplyContext,
  write: () => Promise<Written | Failure>,
): Promise<undefined | Failure> {
  for (let attempt = 0; ; attempt++) {
    const written = await write();
    if (isFailure(written)) return written;
    if (!('lockedBy' in written)) return undefined;
    const failure = attempt < 5 ? await unlock(marathon, id, written.lockedBy, context) : undefined;
    if (failure) return failure;
    if (attempt >= 5) return locked(id, written.lockedBy, undefined);
  }
}

async function unlock(
  marathon: Marathon,
  id: string,
  holders: readonly string[],
  { deployment, release, signal }: ApplyContext,
): Promise<undefined | Failure> {
  for (const holder of holders) {
    const own = await isOwnDeployment(marathon, id, holder, deployment ?? release.deployment, signal);
    if (isFailure(own)) return own;
    if (!own) return locked(id, holders, await authorOf(marathon, id, signal));
    const failure = await marathon.stop(holder, signal);
    if (failure) return failure;
  }
  return undefined;
}

async function authorOf(marathon: Marathon, id: string, signal: AbortSignal | undefined) {
  const live = await marathon.app(id, signal);
  const labels = live === undefined || isFailure(live) ? {} : texts(live.app['labels']);
  return stampsInLabels(labels)['deployment'];
}

function locked(id: string, holders: readonly string[], last: string | undefined): Failure {
  const names = holders.join(', ') || 'unknown';
  const author = last === undefined ? '' : ` The app was last written by the rehome deployment ${last}.`;
  return fail(
    'locked',
    `marathon app ${id} is busy with the Marathon deployment ${names} of somebody else.${author}`,
    {
      found: names,
      hint: `wait for it, or end it: DELETE /v2/deployments/${holders[0] ?? 'ID'}`,
    },
  );
}
