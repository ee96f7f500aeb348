import { z } from 'zod';
import { cpu, health, instances, limits, mem, migration, port, rollout, tests } from './settings.ts';
import { appName, duration, environment, nonEmpty } from './words.ts';

const image = z
  .string()
  .regex(/^[^\s{}]+$/, 'the name of an image, without spaces and braces; the version is {{ version }}');

/** Keys of a manifest that belong to no feature; all but `app_name` may also stand in a section. */
const keys = {
  cpu: cpu.optional().describe('Cores of one instance; 0.5 is half a core.'),
  mem: mem.optional().describe('Memory of one instance in MiB.'),
  instances: instances.optional().describe('How many instances run.'),
  image: image.optional().describe("Image, where it is not the conventions' one."),
  command: nonEmpty
    .optional()
    .describe("Command, handed to `/bin/sh -c` as it stands, where it is not the conventions' one."),
  env: environment(z.string())
    .optional()
    .describe("Environment variables, laid over the conventions' ones. A section's are laid over these."),
  port: port
    .optional()
    .describe(
      'Port that the app listens on where each instance has a network of its own; elsewhere it is told by `$PORT`.',
    ),
  worker: z
    .boolean()
    .optional()
    .describe(
      'A worker listens on no port: no address, and no health check but its own. While it has two homes, its instances are split between them as traffic is, and a dark home has none.',
    ),
  consumes: z
    .enum(['shared', 'single'])
    .optional()
    .describe(
      'While the app has two homes: `shared` (default) takes messages in each home that has a share; `single` only in the one on duty. For apps with `rmq`, and workers.',
    ),
  health: health.optional().describe("Health check, laid over the conventions' one; `false` for none."),
  kill_grace: duration
    .optional()
    .describe('Time from the polite signal (TERM) to the final one (KILL). Default `10s`.'),
  rollout: rollout.optional().describe("How instances are replaced, laid over the conventions' settings."),
  limits: limits
    .optional()
    .describe('`soft`: `cpu` is a share under contention. `hard`: `cpu` is a quota. Default `soft`.'),
  migration: migration(nonEmpty)
    .optional()
    .describe(
      'Data migration, run once before a rollout; `false` for none, also where the conventions have one.',
    ),
  tests: tests(nonEmpty)
    .optional()
    .describe("Staged tests, after the conventions' ones; `false` for none at all."),
  watch: duration
    .optional()
    .describe('How long a new version is watched before the deployment counts as done. Default `0s`.'),
  uses: z
    .array(appName)
    .optional()
    .describe('Apps called by this one: `uses: [account]` sets `ACCOUNT_URL` to its stable address.'),
};

export const applicationKeys: Readonly<Record<string, z.ZodType>> = {
  app_name: appName.describe('Name of the application, unique in the workspace.'),
  ...keys,
};

const common = z.strictObject({ app_name: appName, ...keys });

/** A manifest's own settings for one stage, checked; durations in ms. */
export type Application = z.output<typeof common>;
