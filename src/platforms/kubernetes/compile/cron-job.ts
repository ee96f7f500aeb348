import type { Cron } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import { given, type Json, same } from '../../json.ts';
import { remarksOf, secretRefs } from '../../remarks.ts';
import { subjectOf } from '../kinds.ts';
import { cronName } from '../names.ts';
import type { Frame, Part } from './frame.ts';
import type { CronLine } from './interval-line.ts';
import { cronComponent, versionedLabels } from './labels.ts';
import { compilePod } from './pod.ts';
import { type CompiledSchedule, compileSchedule, readSchedule } from './schedule.ts';
import { withSecrets } from './secrets.ts';
import { resourceFacts } from './service-facts.ts';

/** A run that could not start in time is left out, s. Below 10 s the controller may miss every run. */
const startingDeadlineSeconds = 300;
const history = 3;

/**
 * One cron as a CronJob; without an object where its schedule cannot be said. Whether it is suspended is a matter of
 * duty, which is no part of it. https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
export function compileCron(frame: Frame, cron: Cron): Part {
  const id = cronName(cron.name);
  const subject = subjectOf({ kind: 'CronJob', id });
  const schedule = compileSchedule(cron.schedule, frame.settings);
  const notes = cronNotes(cron, id, schedule, subject);
  if (!schedule.line) return { objects: [], notes };
  const body = cronBody(frame, cron, id, schedule.line);
  const remarks = withSecrets(remarksOf(frame.app, cronFacts(cron, schedule.line)), secretRefs(cron.env));
  const object: NativeObject = { kind: 'CronJob', id, body, remarks };
  return { objects: [object], notes };
}

export function cronBody({ app, settings, keys }: Frame, cron: Cron, name: string, line: CronLine): Json {
  const component = cronComponent(app, cron.name);
  const labels = versionedLabels(app.name, component, app.version);
  const spec = { restartPolicy: 'Never' };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, labels },
    spec: {
      ...line,
      concurrencyPolicy: cron.concurrent ? 'Allow' : 'Forbid',
      ...deadlineOf(line),
      successfulJobsHistoryLimit: history,
      failedJobsHistoryLimit: history,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit: cron.retries,
          template: compilePod({ app, component, workload: cron, settings, keys, spec }),
        },
      },
    },
  };
}

/**
 * With a deadline the controller counts an interval from that long ago, not from the last run: one that is longer
 * would never be due (mostRecentScheduleTime in kubernetes/pkg/controller/cronjob/utils.go).
 */
function deadlineOf({ schedule }: CronLine): Json {
  return schedule.startsWith('@every') ? {} : { startingDeadlineSeconds };
}

/** What a CronJob does not give back as the model has it. */
function cronFacts({ name, schedule, resources }: Cron, line: CronLine): Json {
  return given({
    name: cronName(name) === name ? undefined : name,
    schedule: same(readSchedule(line.schedule, line.timeZone), schedule) ? undefined : schedule,
    ...resourceFacts(resources),
  });
}

function cronNotes(
  { name, schedule }: Cron,
  id: string,
  compiled: CompiledSchedule,
  subject: string,
): readonly Note[] {
  const notes: Note[] = [];
  const info = (noteId: string, message: string) =>
    notes.push(note(noteId, 'info', message, { subject, fidelity: 'approximate' }));
  if (id !== name)
    info('name-changed', `Kubernetes takes no name such as ${name}; the CronJob is called ${id}.`);
  if (!compiled.line) {
    const { why, hint } = compiled;
    return [...notes, note('schedule-inexact', 'error', why, { subject, hint, fidelity: 'decide' })];
  }
  if (compiled.byEvery) {
    const message = `${schedule.iso} runs as ${compiled.line.schedule}, counted from when the cron was armed; no clock says when.`;
    notes.push(note('schedule-by-every', 'warning', message, { subject, fidelity: 'approximate' }));
  }
  if (compiled.slowed) {
    const message = `${schedule.iso} is more than once a minute; here it runs once a minute.`;
    notes.push(note('schedule-slowed', 'warning', message, { subject, fidelity: 'approximate' }));
  }
  if (compiled.start !== undefined) {
    info(
      'start-is-phase',
      `${compiled.start} says at which minutes the cron runs; it does not wait until then.`,
    );
  }
  return notes;
}
