import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { parseCronLine } from './cron-line.ts';
import { parseInterval } from './interval.ts';

const name = z.string().min(1, 'a name').max(200, 'a name of at most 200 characters');
const command = z.string().min(1, 'a command');

const cron = z
  .string()
  .refine(
    (line) => parseCronLine(line) !== undefined,
    'a cron expression of five fields, such as "30 6 * * 1-5"',
  )
  .describe('Five fields: minute, hour, day of month, month, day of week.');

const timezone = z
  .string()
  .refine(isTimezone, 'a time zone of the IANA list, such as Europe/London')
  .describe('IANA time zone; UTC where absent.');

const called = name.describe('Name of the cron, as the platform shows it.');

const run = {
  timezone: timezone.optional(),
  command: command.describe('Command, handed to `/bin/sh -c` as it stands.'),
  concurrent: z
    .boolean()
    .optional()
    .describe('Whether a run may start while the one before it is going. Default `False`.'),
  retries: z.int().min(0).max(100).optional().describe('How often a failed run is tried again. Default 2.'),
  cpu: z.number().positive().max(1_000).optional().describe("Cores; the service's where absent."),
  mem: z.number().min(1).max(10_000_000).optional().describe("MiB; the service's where absent."),
};

/** `every: 30m` as Chronos would say it. */
const every = z
  .string()
  .refine(
    (text) => (parseDuration(text) ?? 0) >= 1_000 && !/ms$/.test(text),
    'a duration of a second or more, such as 30s, 10m or 24h',
  )
  .describe('Time from one run to the next: `30m`.');

const neutral = z
  .strictObject({ name: called, every: every.optional(), cron: cron.optional(), ...run })
  .refine(
    (entry) => (entry.every === undefined) !== (entry.cron === undefined),
    'have exactly one of `every` and `cron`',
  );

const old = z
  .strictObject({
    name: called,
    schedule: z
      .string()
      .refine((text) => parseInterval(text) !== undefined, 'a repeating interval such as R//PT30M')
      .optional()
      .describe('ISO 8601 repeating interval: `R//PT30M` is every 30 minutes.'),
    cron: cron.optional(),
    ...run,
  })
  .refine(
    (entry) => entry.schedule !== undefined || entry.cron !== undefined,
    'have a `schedule` or a `cron`',
  );

function isTimezone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

export const keys = {
  crons: z.array(neutral).optional().describe('Periodic tasks of the app.'),
  chronos: z.boolean().optional().describe('Switches the `chronos_tasks` on: the old form of `crons`.'),
  chronos_tasks: z
    .array(old)
    .optional()
    .describe('Periodic tasks in the old form; `schedule` and `cron` may stand side by side.'),
};

export type Keys = z.output<z.ZodObject<typeof keys>>;
export type Neutral = z.output<typeof neutral>;
export type Old = z.output<typeof old>;
