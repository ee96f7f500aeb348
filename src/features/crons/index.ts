import { parseDuration } from '../../model/duration.ts';
import { type Note, note } from '../../model/note.ts';
import type { Contribution, CronSketch, Feature, FeatureContext } from '../feature.ts';
import { disagreement } from './disagree.ts';
import { type Keys, keys, type Neutral, type Old } from './keys.ts';

type Context = FeatureContext<Keys, never>;

export const crons: Feature<Keys, never> = {
  name: 'crons',
  summary: 'Periodic tasks, run once on the home on duty, with the image and environment of the app.',
  keys,
  example: `application:
  app_name: account
  test: {instances: 2}
  crons:
    - name: sync-customers
      every: 30m                  # from one run to the next; or a cron line:
      command: python /app/account/sync.py
    - name: nightly-report
      cron: "30 2 * * 1-5"        # minute, hour, day of month, month, day of week
      timezone: Europe/London
      command: python /app/account/report.py
`,
  contribute(context) {
    const found = [...oldTasks(context), ...neutralTasks(context)];
    if (found.length === 0 && !context.values.chronos) return undefined;
    return {
      crons: found.map(({ sketch }) => sketch),
      notes: notesOf(found, context),
    } satisfies Contribution;
  },
};

/** A cron and where it stands. */
interface FoundCron {
  readonly sketch: CronSketch;
  readonly path: readonly (string | number)[];
}

function neutralTasks({ values }: Context): FoundCron[] {
  return (values.crons ?? []).map((task, index) => {
    const seconds = task.every === undefined ? undefined : (parseDuration(task.every) ?? 0) / 1_000;
    const iso = seconds === undefined ? undefined : `R//${isoPeriod(seconds)}`;
    return { sketch: sketchOf(task, iso), path: ['crons', index] };
  });
}

function oldTasks({ values }: Context): FoundCron[] {
  // As the old framework had it: without the switch the list says nothing.
  if (values.chronos === false) return [];
  return (values.chronos_tasks ?? []).map((task, index) => ({
    sketch: sketchOf(task, task.schedule),
    path: ['chronos_tasks', index],
  }));
}

function sketchOf(task: Neutral | Old, iso: string | undefined): CronSketch {
  const { name, command, cron, timezone, cpu, mem } = task;
  return {
    kind: 'Cron',
    name,
    command,
    schedule: {
      ...(iso === undefined ? {} : { iso }),
      ...(cron === undefined ? {} : { cron }),
      ...(timezone === undefined ? {} : { timezone }),
    },
    concurrent: task.concurrent ?? false,
    retries: task.retries ?? 2,
    resources: { ...(cpu === undefined ? {} : { cpus: cpu }), ...(mem === undefined ? {} : { memory: mem }) },
  };
}

/** The largest units that say it exactly: 1,800 s is PT30M, 86,400 s is PT24H. */
function isoPeriod(seconds: number): string {
  if (seconds % 3_600 === 0) return `PT${seconds / 3_600}H`;
  return seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${Math.round(seconds)}S`;
}

function notesOf(found: readonly FoundCron[], { values, place }: Context): Note[] {
  const notes = [...found.flatMap((cron) => disagreementNote(cron, place)), ...duplicateNotes(found, place)];
  if (values.chronos === undefined && values.chronos_tasks) {
    notes.push(
      note(
        'switch-missing',
        'warning',
        '`chronos_tasks` stand without `chronos: True`; they are taken as switched on.',
        {
          hint: 'add `chronos: True`, or write them as `crons`',
          ...placed(place('chronos_tasks')),
        },
      ),
    );
  }
  return notes;
}

function disagreementNote({ sketch, path }: FoundCron, place: Context['place']): Note[] {
  const { iso, cron } = sketch.schedule;
  const times = disagreement(sketch.schedule);
  if (!times) return [];
  const message = `${sketch.name} has two schedules that disagree: cron "${cron}" runs at ${times.cron}, schedule ${iso} at ${times.iso}`;
  return [
    note('spellings-disagree', 'warning', `${message}.`, {
      hint: 'keep the one that is meant',
      subject: `cron ${sketch.name}`,
      ...placed(place(...path, 'cron')),
    }),
  ];
}

function duplicateNotes(found: readonly FoundCron[], place: Context['place']): Note[] {
  const seen = new Set<string>();
  return found.flatMap(({ sketch: { name }, path }) => {
    const twice = seen.has(name);
    seen.add(name);
    if (!twice) return [];
    return [
      note('duplicate-name', 'error', `Two crons are called ${name}; the second would replace the first.`, {
        hint: 'rename one of the two',
        ...placed(place(...path, 'name')),
      }),
    ];
  });
}

function placed(place: Note['place']): { place?: NonNullable<Note['place']> } {
  return place ? { place } : {};
}
