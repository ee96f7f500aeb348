import { z } from 'zod';
import { moves } from './moves.ts';
import { cpu, health, instances, limits, mem, migration, port, rollout, tests } from './settings.ts';
import { duration, environment, nonEmpty, pattern, patternOrNothing, placeName } from './words.ts';

const conventions = z.strictObject({
  image: pattern.default('{app}:{version}').describe('Image of an app.'),
  command: pattern.optional().describe("Command of an app; without one the image's own runs."),
  port: port.default(8080).describe('Port that apps listen on where each instance has a network of its own.'),
  env: environment(patternOrNothing).default({}).describe('Environment variables of every app.'),
  cpu: cpu.default(0.5).describe('Cores, where a manifest gives none.'),
  mem: mem.default(512).describe('Memory in MiB, where a manifest gives none.'),
  instances: instances.default(1).describe('Instances, where a manifest gives none.'),
  limits: limits.default('soft').describe('`soft`: `cpu` is a share under contention. `hard`: a quota.'),
  health: health.optional().describe('Health check of every app that is no worker.'),
  kill_grace: duration
    .prefault('10s')
    .describe('Time from the polite signal (TERM) to the final one (KILL). Default `10s`.'),
  rollout: rollout.default({}).describe('How instances are replaced.'),
  migration: migration(pattern)
    .optional()
    .describe('Migration of apps that use a feature with data to migrate, such as `mongo` or `postgres`.'),
  tests: tests(pattern).optional().describe('Staged tests of every app.'),
  watch: duration
    .prefault('0s')
    .describe('How long a new version is watched before the deployment counts as done. Default `0s`.'),
});

const home = z.looseObject({
  platform: nonEmpty.describe('Name of the platform.'),
  default: z
    .boolean()
    .default(false)
    .describe('Apps that were never deployed here begin in this home; else in the first.'),
});

const tls = z
  .strictObject({
    mode: z
      .enum(['wildcard', 'per-host', 'none'])
      .default('wildcard')
      .describe(
        '`wildcard`: one certificate for `*.{domain}`. `per-host`: one for each host. `none`: no TLS.',
      ),
    secret: nonEmpty
      .optional()
      .describe(
        'Where homes have the `wildcard` certificate, by their name for it; made of the domain where absent.',
      ),
    issuer: nonEmpty.optional().describe('Who is asked for the certificates of `per-host`.'),
  })
  .refine(({ mode, issuer }) => mode !== 'per-host' || issuer !== undefined, {
    error: 'have an `issuer` for its `mode: per-host`',
  })
  .refine(({ mode, issuer }) => mode === 'per-host' || issuer === undefined, {
    error: 'have `mode: per-host` for its `issuer`',
  })
  .refine(({ mode, secret }) => mode === 'wildcard' || secret === undefined, {
    error: 'have `mode: wildcard` for its `secret`',
  })
  .transform(({ mode, secret, issuer = '' }) => {
    if (mode === 'per-host') return { mode, issuer };
    return mode === 'none' ? { mode } : { mode, ...(secret === undefined ? {} : { secret }) };
  });

const environmentOf = z.strictObject({
  stage: placeName
    .optional()
    .describe("Section of the manifests that applies; the environment's own name where absent."),
  domain: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, 'a domain such as test1.example.org')
    .optional()
    .describe('Apps are reached as `{app}.{domain}`.'),
  tls: tls
    .optional()
    .describe('Certificate of `{app}.{domain}`. Default `{mode: wildcard}` where there is a domain.'),
  protected: z.boolean().default(false).describe('Changes need a yes.'),
  homes: z.record(placeName, home).describe('Platforms that the environment has, by name.'),
  edge: z
    .looseObject({ type: nonEmpty.describe('Name of the edge.') })
    .optional()
    .describe('What stands in front of the apps: one stable address for each, traffic split between homes.'),
  features: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      'Settings of features, laid over the common ones; `false` for a feature that this environment lacks.',
    ),
});

const status = z.int().min(100).max(599);

/** One step of `process:`: the name of a built-in one, or a step of one's own. */
const step = z.union([nonEmpty, ownStep()]);

function ownStep() {
  return z
    .strictObject({
      name: nonEmpty.describe('Name of the step.'),
      exec: nonEmpty.optional().describe("Command run on the operator's machine."),
      undo: nonEmpty.optional().describe('Command that takes `exec` back.'),
      env: environment(z.string()).optional().describe('Environment variables of the commands.'),
      http: z.url().optional().describe('Address to ask.'),
      method: z.enum(['GET', 'POST']).optional().describe('Method of `http`. Default `GET`.'),
      status: status.optional().describe('Status that `http` expects. Default 200.'),
      approve: nonEmpty.optional().describe('Question that a person answers with `rehome approve`.'),
    })
    .refine(
      ({ exec, http, approve }) => [exec, http, approve].filter((kind) => kind !== undefined).length === 1,
      {
        error: 'have exactly one of `exec`, `http` and `approve`',
      },
    )
    .refine(({ exec, undo, env }) => exec !== undefined || (undo === undefined && env === undefined), {
      error: 'have an `exec` for its `undo` and `env`',
    })
    .refine(
      ({ http, method, status: wanted }) =>
        http !== undefined || (method === undefined && wanted === undefined),
      {
        error: 'have an `http` for its `method` and `status`',
      },
    )
    .transform(({ name, exec, undo, env, http, method = 'GET', status: wanted = 200, approve }) => {
      if (exec !== undefined) return { name, exec, ...(undo ? { undo } : {}), ...(env ? { env } : {}) };
      return http !== undefined ? { name, http, method, status: wanted } : { name, approve: approve ?? '' };
    });
}

export const workspaceFile = z.strictObject({
  conventions: conventions
    .prefault({})
    .describe(
      'What holds for every app unless its manifest says otherwise. Texts may hold the placeholders `{app}`, `{version}`, `{env}` and `{stage}`.',
    ),
  environments: z.record(placeName, environmentOf).describe('Where teams deploy to, by name.'),
  stages: z
    .array(placeName)
    .default([])
    .describe('Stages beyond those of the environments, for which manifests may have sections.'),
  features: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Settings of features in all environments.'),
  process: z
    .array(step)
    .min(1)
    .optional()
    .describe('Steps of a deployment, in order. Default: all built-in ones.'),
  notify: z
    .array(z.looseObject({ type: nonEmpty.describe('Way to notify.') }))
    .default([])
    .describe('Who is told about deployments.'),
  images: z
    .record(nonEmpty, nonEmpty)
    .optional()
    .describe(
      'Catalogue of images for homes on this machine: name of the image to folder of the workspace, both with `{words}` that stand for one piece each.',
    ),
  store: nonEmpty
    .optional()
    .describe('Where the history lives: a file, relative to the workspace. Default `.rehome/state.db`.'),
  moves: moves.prefault({}).describe('How apps move from home to home.'),
});

export type WorkspaceFile = z.output<typeof workspaceFile>;
export type Conventions = WorkspaceFile['conventions'];
export type ProcessEntry = z.output<typeof step>;
