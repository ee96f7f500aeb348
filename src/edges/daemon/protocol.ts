import { isIP } from 'node:net';
import { z } from 'zod';
import { type Failure, fail } from '../../model/failure.ts';

/** What goes over the admin API of the edge, on both sides. */

/** Names of apps, environments and homes. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'is no name: letters, digits, dots, dashes, at most 100');

const port = z.int().min(1).max(65_535);
const host = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'is no host name or address');
const backendSchema = z.strictObject({ id: z.string().min(1).max(500), host, port });

export const sharesSchema = z.record(nameSchema, z.number().min(0).max(100));

/** One very address of this machine: "all of them" would hold the loopback address twice, and open it to anybody. */
export const listenAddress = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 && !/^[0:.]+$/.test(text),
    'an address of this machine such as 10.0.0.1',
  );

export const frontSchema = z.strictObject({
  address: z.strictObject({ host: z.string().regex(/^(127(\.\d{1,3}){3}|::1)$/, 'is not loopback'), port }),
  also: z.array(listenAddress).max(16).optional(),
  shares: sharesSchema,
  backends: z.record(nameSchema, z.array(backendSchema).max(10_000)),
  cohortCookie: z.string().min(1).max(200).optional(),
  edge: nameSchema.optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type FrontBody = z.infer<typeof frontSchema>;

export const drainSchema = z.strictObject({
  backend: backendSchema,
  atMostMs: z
    .number()
    .min(0)
    .max(24 * 3_600_000),
});

export const statsSchema = z.array(
  z.object({
    home: z.string(),
    backends: z.number(),
    requests: z.number(),
    errors: z.number(),
    overflow: z.number(),
    inFlight: z.number(),
    websockets: z.number(),
    latencies: z.array(z.tuple([z.number(), z.number()])),
  }),
);

/** What is written to disk: enough to come back as before. */
export const stateSchema = z.strictObject({
  version: z.literal(1),
  block: z.strictObject({ first: port, size: z.int().min(2) }),
  fronts: z.array(
    frontSchema.omit({ backends: true }).extend({
      environment: nameSchema,
      app: nameSchema,
      homes: z.record(
        nameSchema,
        z.strictObject({
          backends: z.array(backendSchema),
          drained: z.array(z.string()),
          /** Which instance is where, for an edge with numbered places. */
          slots: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});
export type EdgeState = z.infer<typeof stateSchema>;

const homeReport = z.object({
  home: z.string(),
  backends: z.array(backendSchema),
  drained: z.array(z.string()),
  /** Why instances are not followed at the moment. */
  problem: z.string().optional(),
});

export const statusSchema = z.object({
  fronts: z.array(
    z.object({
      environment: z.string(),
      app: z.string(),
      address: z.object({ host: z.string(), port: z.number() }),
      shares: sharesSchema,
      /** False while somebody else holds the address; it is tried again and again. */
      listening: z.boolean(),
      /** Other addresses that cannot be listened on at the moment; they are tried again as well. */
      missing: z.array(z.string()).optional(),
      homes: z.array(homeReport),
    }),
  ),
});
export type EdgeReport = z.infer<typeof statusSchema>;

/** `.rehome/edge/edge.json`: where the running edge is found. */
export const discoverySchema = z.object({
  pid: z.int(),
  /** See `Processes.startTime`. */
  processStart: z.string().optional(),
  startedAt: z.string(),
  /** URL of the admin API. */
  admin: z.string(),
  /** The ports that addresses are chosen from, see `chooseAddress`. */
  block: z.object({ first: z.number(), size: z.number() }),
});
export type Discovery = z.infer<typeof discoverySchema>;

export const failureSchema = z.object({
  error: z.object({ kind: z.literal('Failure'), code: z.string(), message: z.string() }).loose(),
});

/** A value of the right form, or `wrong-value` that says where it is wrong. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T | Failure {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  const where = path === '' ? what : `${path} in ${what}`;
  return fail('wrong-value', `The edge does not understand ${where}: ${issue?.message ?? 'wrong form'}.`);
}
