import type { App, Cron } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Schedule } from '../../../model/schedule.ts';
import { type Json, list, number, record, text } from '../../json.ts';
import type { Target } from '../../platform.ts';
import { type Remembered, remembered } from '../../remarks.ts';
import { cronBody } from '../compile/cron-job.ts';
import { frameOf } from '../compile/frame.ts';
import { compileSchedule, readSchedule } from '../compile/schedule.ts';
import { subjectOf } from '../kinds.ts';
import { envSecretName } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import { foreignNotes } from './foreign.ts';
import { type Identity, versionOf } from './identity.ts';
import { whole } from './managed.ts';
import { readContainer } from './read-container.ts';

export interface ReadCron {
  readonly app: string;
  readonly version: string;
  readonly remembered: Remembered;
  readonly cron: Cron;
  readonly notes: readonly Note[];
}

/** Tries of a failed Job where nothing is said. */
const defaultRetries = 6;

/** One CronJob, live or compiled, ours or not, as the cron it is. */
export function readCron(
  object: NativeObject,
  { app }: Identity,
  target: Target<KubernetesSettings>,
): ReadCron {
  const live = whole(object);
  const known = remembered(live.remarks);
  const subject = subjectOf(object);
  const spec = record(live.body['spec']);
  const job = record(record(spec['jobTemplate'])['spec']);
  const template = record(job['template']);
  const { workload, container, notes } = readContainer(
    template,
    rawTemplate(object),
    known,
    envSecretName(app),
    subject,
  );
  const cron: Cron = {
    kind: 'Cron',
    name: text(known.model['name']) ?? object.id,
    ...workload,
    schedule: scheduleOf(spec, known.model, target.settings),
    concurrent: (spec['concurrencyPolicy'] ?? 'Allow') === 'Allow',
    retries: number(job['backoffLimit']) ?? defaultRetries,
  };
  const version = known.version ?? versionOf(live.body, workload.image);
  const wanted = wantedBody(app, version, cron, target, object.id, text(spec['schedule']) ?? '');
  return {
    app,
    version,
    remembered: known,
    cron,
    notes: [
      ...notes,
      ...foreignNotes(specOf(spec, container), specOf(...parts(wanted)), understood, subject),
      ...cronNotes(spec, subject),
    ],
  };
}

function rawTemplate({ body }: NativeObject): Json {
  return record(record(record(record(body['spec'])['jobTemplate'])['spec'])['template']);
}

/** Believed while it comes to the same line. */
function scheduleOf(spec: Json, model: Json, settings: KubernetesSettings): Schedule {
  const [schedule, timeZone] = [text(spec['schedule']) ?? '', text(spec['timeZone'])];
  const told = model['schedule'];
  if (typeof told === 'object' && told !== null) {
    // It may have been written under the most lenient setting.
    const { line } = compileSchedule(told as Schedule, { ...settings, intervals: 'slowed' });
    if (line?.schedule === schedule && line.timeZone === timeZone) return told as Schedule;
  }
  return readSchedule(schedule, timeZone);
}

function wantedBody(
  name: string,
  version: string,
  cron: Cron,
  target: Target<KubernetesSettings>,
  id: string,
  schedule: string,
): Json {
  const nothing = { stage: '', jobs: [], services: [], routes: [], uses: [] };
  const app: App = { kind: 'App', name, version, environment: target.environment, crons: [cron], ...nothing };
  return cronBody(frameOf(app, target), cron, id, { schedule, timeZone: '' });
}

function parts(body: Json): [Json, Json] {
  const spec = record(body['spec']);
  const job = record(record(spec['jobTemplate'])['spec']);
  return [spec, list(record(record(job['template'])['spec'])['containers'])[0] ?? {}];
}

/** All levels in one, so that paths are as people know them. */
function specOf({ jobTemplate, ...spec }: Json, container: Json): Json {
  const { template, ...job } = record(record(jobTemplate)['spec']);
  const { containers: _, ...pod } = record(record(template)['spec']);
  return { ...spec, job, pod, container };
}

const understood = new Set([
  'schedule',
  'timeZone',
  'concurrencyPolicy',
  'suspend',
  'job.backoffLimit',
  'container.name',
  'container.image',
  'container.command',
  'container.args',
  'container.env',
  'container.envFrom',
  'container.resources',
]);

function cronNotes(spec: Json, subject: string): readonly Note[] {
  const approximate = (id: string, message: string) =>
    note(id, 'info', message, { subject, fidelity: 'approximate' });
  return [
    ...(spec['concurrencyPolicy'] === 'Replace'
      ? [
          approximate(
            'replaces-runs',
            'Replace ends a run that is going when the next is due; here the next is left out.',
          ),
        ]
      : []),
    ...(spec['timeZone'] === undefined && !/TZ=/.test(String(spec['schedule']))
      ? [approximate('zone-unknown', 'Without a timeZone the clock of the cluster counts; UTC is assumed.')]
      : []),
  ];
}
