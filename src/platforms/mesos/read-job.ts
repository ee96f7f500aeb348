import type { Cron } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import { given, type Json, list, number, record, text } from '../json.ts';
import { envOf, type Remembered, remembered } from '../remarks.ts';
import { managedJob } from './managed-job.ts';
import { subjectOf } from './names.ts';
import { tagOf } from './read-app.ts';

export interface ReadCron {
  readonly app: string;
  readonly version: string;
  readonly remembered: Remembered;
  readonly cron: Cron;
  readonly notes: readonly Note[];
}

/** One job of Chronos, live or compiled, ours or not, as the cron it is; undefined for one that runs once. */
export function readCron(object: NativeObject): ReadCron | undefined {
  if (isOneOff(object)) return undefined;
  const managed = managedJob(object);
  const { body } = managed;
  const known = remembered(managed.remarks);
  const image = text(record(body['container'])['image']) ?? '';
  const command = known.model['command'] === false ? undefined : commandOf(body);
  const cron: Cron = {
    kind: 'Cron',
    name: text(known.model['name']) ?? object.id,
    image,
    ...(command === undefined ? {} : { command }),
    env: variablesOf(body, known),
    resources: {
      cpus: number(body['cpus']) ?? 0.1,
      memory: number(body['mem']) ?? 128,
      cpuLimit: known.model['cpuLimit'] === 'hard' ? 'hard' : 'soft',
    },
    schedule: scheduleOf(body, known.model),
    concurrent: body['concurrent'] === true,
    retries: number(body['retries']) ?? 2,
  };
  const app = known.app ?? text(body['ownerName']) ?? '';
  return {
    app,
    version: known.version ?? tagOf(image),
    remembered: known,
    cron,
    notes: foreignNotes(object),
  };
}

/** Tasks that run once are jobs too; their stamps say so. */
export function isOneOff(object: NativeObject): boolean {
  return text(object.body['description'])?.startsWith('rehome once=') ?? false;
}

function scheduleOf(body: Json, model: Json): Cron['schedule'] {
  const cron = text(model['cron']);
  const fromCron = cron !== undefined && model['iso'] === undefined;
  return given({
    iso: fromCron ? undefined : text(body['schedule']),
    cron,
    timezone: text(body['scheduleTimeZone']),
  });
}

function variablesOf(body: Json, known: Remembered): Cron['env'] {
  const pairs = list(body['environmentVariables']).map(({ name, value }) => [String(name), value]);
  return envOf(Object.fromEntries(pairs), known.secrets);
}

/** Without a shell Chronos executes the command with its arguments; with one it appends them. */
function commandOf(body: Json): string {
  const words = Array.isArray(body['arguments']) ? body['arguments'].map(String) : [];
  return [text(body['command']) ?? '', ...words].join(' ');
}

const foreign = ['parents', 'fetch', 'uris', 'constraints', 'runAsUser', 'taskInfoData'] as const;

function foreignNotes(object: NativeObject): readonly Note[] {
  const subject = subjectOf(object);
  const message = 'arguments are read as a part of the command.';
  const args = list(object.body['arguments']).length > 0;
  const fields = foreign.filter((field) => Object.keys(Object(object.body[field] ?? '')).length > 0);
  return [
    ...fields.map((field) =>
      note('not-in-model', 'warning', `${field} has no counterpart in the model and is left behind.`, {
        subject,
        field,
        fidelity: 'dropped',
      }),
    ),
    ...(args ? [note('args-quoted', 'info', message, { subject, fidelity: 'approximate' })] : []),
  ];
}
