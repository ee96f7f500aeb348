import { parseInterval } from '../../model/interval.ts';
import type { NativeObject } from '../../model/native.ts';
import { flag, given, type Json, list, number, record, text } from '../json.ts';
import { remembered } from '../remarks.ts';
import { isoOf } from './chronos-job.ts';
import { stampsInDescription } from './description.ts';
import { isMovedOn } from './schedule.ts';

/** The part of a live job that `compile` says something about, in compile's shape. */
export function managedJob(live: NativeObject): NativeObject {
  const { body } = live;
  const remarks = { ...live.remarks, ...stampsInDescription(body['description']) };
  const known = remembered(remarks);
  const variables = list(body['environmentVariables']).toSorted((a, b) =>
    String(a['name']) < String(b['name']) ? -1 : 1,
  );
  const managed = given({
    name: live.id,
    schedule: scheduleOf(body, known.model),
    scheduleTimeZone: text(body['scheduleTimeZone']) || undefined,
    parents: filled(body['parents']),
    command: text(body['command']) ?? '',
    arguments: filled(body['arguments']),
    shell: flag(body['shell']) === false ? false : undefined,
    ownerName: text(body['ownerName']) || undefined,
    container: container(body['container']),
    environmentVariables: variables.map(({ name, value }) => ({ name, value })),
    cpus: number(body['cpus']) ?? 0.1,
    mem: number(body['mem']) ?? 128,
    retries: number(body['retries']) ?? 2,
    concurrent: flag(body['concurrent']) ?? false,
  });
  const secrets = Object.fromEntries(
    variables.flatMap(({ name }, at) => {
      const ref = known.secrets[String(name)];
      return ref === undefined ? [] : [[`environmentVariables[${at}].value`, ref]];
    }),
  );
  return {
    kind: live.kind,
    id: live.id,
    body: managed,
    ...(Object.keys(remarks).length > 0 ? { remarks } : {}),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
  };
}

/** Chronos moves the start on with every launch; that is no change of the schedule. */
function scheduleOf(body: Json, model: Json): string | undefined {
  const live = text(body['schedule']);
  const [iso, cron, timezone] = [text(model['iso']), text(model['cron']), text(body['scheduleTimeZone'])];
  const told = isoOf(given({ iso, cron, timezone: timezone || undefined }));
  const [wanted, stored] = [parseInterval(told ?? ''), parseInterval(live ?? '')];
  return wanted && stored && isMovedOn(wanted, stored) ? told : live;
}

/** Fields that Chronos fills in with nothing, or with its defaults. */
function container(value: unknown): Json | undefined {
  if (value === undefined || value === null) return undefined;
  const live = record(value);
  const kept = Object.entries(live).filter(
    ([key, item]) => filled(item) !== undefined && item !== false && !(key === 'network' && item === 'HOST'),
  );
  const type = text(live['type'])?.toUpperCase() ?? 'DOCKER';
  return { ...Object.fromEntries(kept), type };
}

function filled(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' && Object.keys(value).length === 0 ? undefined : value;
}
