import { z } from 'zod';
import { type Failure, fail } from '../../model/failure.ts';

/** What can be sent to the local API. Durations are in ms, memory and disk in MiB, cpus in cores. */
const ms = z.number().int().min(0);
const text = z.record(z.string(), z.string());

const workload = {
  image: z.string().min(1).optional(),
  command: z.string().min(1).optional(),
  args: z.array(z.string()).min(1).optional(),
  env: text.default({}),
  labels: text.default({}),
  resources: z
    .strictObject({
      cpus: z.number().min(0).default(0.1),
      memory: z.number().min(0).default(128),
      cpuLimit: z.enum(['soft', 'hard']).default('soft'),
    })
    .default({ cpus: 0.1, memory: 128, cpuLimit: 'soft' }),
  killGraceMs: ms.default(10_000),
};

export const serviceInput = z.strictObject({
  ...workload,
  instances: z.number().int().min(0).max(1_000).default(1),
  /** How many ports each instance gets. */
  ports: z.number().int().min(0).max(20).default(1),
  health: z
    .strictObject({
      protocol: z.enum(['http', 'https', 'tcp']).default('http'),
      path: z.string().startsWith('/').default('/'),
      portIndex: z.number().int().min(0).default(0),
      intervalMs: ms.min(10).default(2_000),
      timeoutMs: ms.min(1).default(2_000),
      failures: z.number().int().min(0).default(3),
      graceMs: ms.default(30_000),
    })
    .optional(),
  rollout: z
    .strictObject({
      minHealthy: z.number().min(0).max(1).default(1),
      maxOver: z.number().min(0).max(1).default(1),
    })
    .default({ minHealthy: 1, maxOver: 1 }),
  backoff: z
    .strictObject({
      delayMs: ms.default(1_000),
      factor: z.number().min(1).default(1.5),
      maxMs: ms.default(60_000),
    })
    .default({ delayMs: 1_000, factor: 1.5, maxMs: 60_000 }),
  /** How long holders may take to drain an instance before it is ended. */
  drainMs: ms.default(5_000),
});
export type ServiceInput = z.output<typeof serviceInput>;

export const jobInput = z.strictObject({
  ...workload,
  ports: z.number().int().min(0).max(20).default(0),
  /** Killed after this time; 0 never. */
  timeoutMs: ms.default(0),
});
export type JobInput = z.output<typeof jobInput>;

export const cronInput = z.strictObject({
  ...workload,
  schedule: z.strictObject({
    iso: z.string().optional(),
    cron: z.string().optional(),
    timezone: z.string().optional(),
  }),
  armed: z.boolean().default(true),
  concurrent: z.boolean().default(false),
  /** Further attempts of a run that failed. */
  retries: z.number().int().min(0).max(100).default(0),
  retryDelayMs: ms.default(5_000),
});
export type CronInput = z.output<typeof cronInput>;

export const cronPatch = z.strictObject({ armed: z.boolean() });

/** Failure: `wrong-value`, with the place of every fault in the body. */
export function parseBody<T>(schema: z.ZodType<T>, body: string): T | Failure {
  let value: unknown;
  try {
    value = JSON.parse(body || '{}');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail('wrong-value', `The body is not JSON: ${why}.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  return fail('wrong-value', `The body is not as it must be: ${faults.join('; ')}.`);
}

/** Names of scopes, services, jobs and crons. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,199}$/.test(name);
}
