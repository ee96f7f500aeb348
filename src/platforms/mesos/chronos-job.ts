import type { App, Cron, EnvValue } from '../../model/app.ts';
import { parseInterval } from '../../model/interval.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import type { Schedule } from '../../model/schedule.ts';
import { remarksOf } from '../remarks.ts';
import { cronToIso } from './cron-to-iso.ts';
import { chronosKind, chronosName, subjectOf } from './names.ts';

/** One cron as a job of Chronos; without an object where its schedule cannot be said. */
export function compileCron(
  app: App,
  cron: Cron,
): { readonly object?: NativeObject; readonly notes: readonly Note[] } {
  const id = chronosName(cron.name);
  const subject = subjectOf({ kind: chronosKind, id });
  const schedule = isoOf(cron.schedule);
  if (schedule === undefined) return { notes: [undecided(cron.schedule, subject)] };
  const { timezone } = cron.schedule;
  const body = {
    name: id,
    schedule,
    ...(timezone === undefined ? {} : { scheduleTimeZone: timezone }),
    command: cron.command ?? '',
    ownerName: app.name,
    container: { type: 'DOCKER', image: cron.image },
    environmentVariables: variables(cron.env),
    cpus: cron.resources.cpus,
    mem: cron.resources.memory,
    retries: cron.retries,
    concurrent: cron.concurrent,
  };
  return {
    object: { kind: chronosKind, id, body, remarks: cronRemarks(app, cron) },
    notes: cronNotes(cron, subject),
  };
}

/** What Chronos is to be told: its own spelling as it stands, else the other one where that is exact. */
export function isoOf({ iso, cron, timezone }: Schedule): string | undefined {
  if (iso !== undefined) return parseInterval(iso) && iso;
  return cron === undefined ? undefined : cronToIso(cron, timezone);
}

/** By name, so that the order of a manifest is no difference. */
export function variables(
  env: Readonly<Record<string, EnvValue>>,
): readonly { name: string; value: EnvValue }[] {
  return Object.entries(env)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function cronRemarks(app: App, cron: Cron) {
  const { iso, cron: expression } = cron.schedule;
  return remarksOf(app, {
    ...(chronosName(cron.name) === cron.name ? {} : { name: cron.name }),
    ...(iso === undefined ? {} : { iso }),
    ...(expression === undefined ? {} : { cron: expression }),
    ...(cron.command === undefined ? { command: false } : {}),
    ...(cron.resources.cpuLimit === 'hard' ? { cpuLimit: 'hard' } : {}),
  });
}

function cronNotes({ resources }: Cron, subject: string): readonly Note[] {
  if (resources.cpuLimit === 'soft') return [];
  const message = 'Whether a CPU limit is hard is a setting of the Mesos agents, not of a job.';
  return [note('cpu-limit-by-agent', 'info', message, { subject, fidelity: 'approximate' })];
}

function undecided({ iso, cron }: Schedule, subject: string): Note {
  const found = iso === undefined ? `The cron expression ${cron}` : `The schedule ${iso}`;
  const message =
    iso === undefined
      ? `${found} has no repeating interval that ticks at the same moments; Chronos takes nothing else.`
      : `${found} is no repeating interval such as R//PT30M.`;
  const hint = 'write `schedule:` beside `cron:`, and decide what Chronos shall do';
  return note('schedule-undecided', 'error', message, { subject, fidelity: 'decide', hint });
}
