import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Json, record, same } from '../json.ts';
import { foreignLabels, stampLabels } from '../labels.ts';
import type { ApplyContext } from '../platform.ts';
import { secretRefs, stampsOf } from '../remarks.ts';
import { revealed } from '../reveal.ts';
import { managedApp } from './managed-app.ts';
import type { Marathon, Written } from './marathon.ts';
import { marathonKind } from './names.ts';
import { isOwnDeployment } from './own-deployment.ts';
import { routeLabels } from './routes.ts';

export interface Servers {
  readonly marathon: Marathon;
  /** Deployments of Marathon that this connection has begun. */
  readonly own: Set<string>;
}

/** Other writers may slip in between unlocking and writing, but not for ever. */
const mostAttempts = 5;

/** Makes an app as wanted; does nothing where it is. Fields that rehome does not know stay as they are. */
export async function applyApp(
  servers: Servers,
  wanted: NativeObject,
  context: ApplyContext,
): Promise<undefined | Failure> {
  const { id } = wanted;
  const { marathon } = servers;
  const body = revealed(wanted, context.reveal);
  if (isFailure(body)) return body;
  const live = await marathon.app(id, context.signal);
  if (isFailure(live)) return live;
  const managed = live && managedApp({ kind: marathonKind, id, body: live.app }).body;
  if (managed && same(managed, body)) return undefined;
  const payload = onlyScales(managed, body)
    ? { instances: body['instances'] }
    : { ...body, ...emptied(managed, body), labels: labelsOf(live?.app, wanted, body, context) };
  return await whenUnlocked(servers, id, context, () => marathon.put(id, payload, context.signal));
}

export async function removeApp(
  servers: Servers,
  id: string,
  context: ApplyContext,
): Promise<undefined | Failure> {
  return await whenUnlocked(servers, id, context, () => servers.marathon.remove(id, context.signal));
}

/** Any other field makes Marathon restart every task, the stamps too: they stay as they are then. */
function onlyScales(managed: Json | undefined, body: Json): boolean {
  return managed !== undefined && same({ ...managed, instances: 0 }, { ...body, instances: 0 });
}

/** Labels of others stay; Marathon would drop them with a new map. */
function labelsOf(live: Json | undefined, wanted: NativeObject, body: Json, { release }: ApplyContext): Json {
  const refs = secretRefs(record(wanted.body['env']));
  const stamps = stampLabels(stampsOf(release, wanted.remarks, refs));
  return { ...foreignLabels(live?.['labels'], routeLabels), ...record(body['labels']), ...stamps };
}

/** A PUT merges: what is to go has to be said. */
function emptied(managed: Json | undefined, body: Json): Json {
  const gone = Object.keys(managed ?? {}).filter((key) => body[key] === undefined && key !== 'labels');
  return Object.fromEntries(gone.map((key) => [key, emptyOf(key)]));
}

function emptyOf(key: string): unknown {
  if (key === 'healthChecks') return [];
  return key === 'requirePorts' ? false : null;
}

/** Own deployments that are under way are superseded, one after the other; those of others never are. */
async function whenUnlocked(
  servers: Servers,
  id: string,
  context: ApplyContext,
  write: () => Promise<Written | Failure>,
): Promise<undefined | Failure> {
  for (let attempt = 0; ; attempt++) {
    const written = await write();
    if (isFailure(written)) return written;
    if (!('lockedBy' in written)) {
      if (written.deployment !== undefined) servers.own.add(written.deployment);
      return undefined;
    }
    if (attempt >= mostAttempts) return locked(id, written.lockedBy);
    const failure = await unlock(servers, id, written.lockedBy, context);
    if (failure) return failure;
  }
}

async function unlock(
  { marathon, own }: Servers,
  id: string,
  holders: readonly string[],
  { deployment, release, isOver, signal }: ApplyContext,
): Promise<undefined | Failure> {
  const writer = deployment ?? release.deployment;
  const isOurs = async (author: string) => author === writer || (await isOver?.(author)) === true;
  for (const holder of holders) {
    const mine = own.has(holder) || (await isOwnDeployment(marathon, id, holder, isOurs, signal));
    if (isFailure(mine)) return mine;
    if (!mine) return locked(id, holders);
    const failure = await marathon.stop(holder, signal);
    if (failure) return failure;
  }
  return undefined;
}

function locked(id: string, holders: readonly string[]): Failure {
  const names = holders.join(', ') || 'unknown';
  return fail(
    'locked',
    `marathon app ${id} is busy with the Marathon deployment ${names}, which is not ours to end.`,
    {
      found: names,
      hint: `wait for it, or end it yourself: DELETE /v2/deployments/${holders[0] ?? 'ID'}`,
    },
  );
}
