import { z } from 'zod';
import type { Gate, MovePlan } from '../../model/move.ts';
import { acceptances } from './accept.ts';
import { duration, nonEmpty } from './words.ts';

const percent = z.number().min(0).max(100);

const stages = z
  .array(percent.gt(0))
  .min(1)
  .refine((list) => list.every((stage, at) => at === 0 || stage > (list[at - 1] ?? 0)), {
    error: 'a list of percents that grow: [1, 10, 50, 100]',
  })
  .transform((list) => (list.at(-1) === 100 ? list : [...list, 100]));

const gate = z.strictObject({
  min_requests: z
    .int()
    .min(0)
    .default(20)
    .describe('Requests that the new home must have answered in a stage for a verdict. Default 20.'),
  inconclusive: z
    .enum(['hold', 'proceed'])
    .default('proceed')
    .describe(
      'With fewer requests at the end of a stage: wait for more, or go on. What is known must be good all the same. Default `proceed`.',
    ),
  errors: percent
    .default(1)
    .describe('Errors of the new home, in percent of its requests, above those of the old one. Default 1.'),
  percentile: percent.default(99).describe('Percentile of the latencies that are compared. Default 99.'),
  latency_factor: z
    .number()
    .min(1)
    .default(1.5)
    .describe('How many times the latency of the old home the new one may have. Default 1.5.'),
  latency_slack: duration
    .default(20)
    .describe('Added to that, so that tiny latencies are not compared. Default `20ms`.'),
  restarts: z
    .int()
    .min(0)
    .default(0)
    .describe('New instances in place of failed ones that the new home may show in a stage. Default 0.'),
  commands: z
    .array(
      z.strictObject({
        name: nonEmpty.describe('What the check is called.'),
        exec: nonEmpty.describe(
          "Command run on the operator's machine with APP, ENVIRONMENT, FROM, TO and SHARE set; exit code 0 passes.",
        ),
      }),
    )
    .default([])
    .describe('Checks of your own at the end of each stage.'),
  prometheus: z
    .array(
      z.strictObject({
        name: nonEmpty.describe('What the check is called.'),
        url: z.url().describe('Address of the Prometheus.'),
        query: nonEmpty.describe('Query with one value.'),
        max: z.number().describe('The largest value that passes.'),
      }),
    )
    .default([])
    .describe('Queries at the end of each stage.'),
});

/** `moves:` of rehome.yaml. */
export const moves = z
  .strictObject({
    stages: stages
      .default([1, 10, 50, 100])
      .describe('Percent of the traffic that the new home gets, stage by stage. Default `[1, 10, 50, 100]`.'),
    hold: duration.default(60_000).describe('How long each stage is held. Default `60s`.'),
    soak: duration
      .default(24 * 3_600_000)
      .describe('How long the old home is kept warm after everything has moved. Default `24h`.'),
    manual: z
      .boolean()
      .default(false)
      .describe('Every stage waits for `rehome move approve`. Default false.'),
    gate: gate.prefault({}).describe('What a stage must show before the next one begins.'),
    proof: duration
      .default(3_600_000)
      .describe('How long no request may have reached a home before it can be retired. Default `1h`.'),
    accept: acceptances.describe('Differences between two homes that do not keep an app from moving.'),
  })
  .transform(({ hold, soak, proof, accept, gate: given, ...rest }) => ({
    proofMs: proof,
    accept,
    plan: { ...rest, holdMs: hold, soakMs: soak, gate: gateOf(given) } satisfies MovePlan,
  }));

export type Moves = z.output<typeof moves>;

function gateOf(given: z.output<typeof gate>): Gate {
  return {
    minRequests: given.min_requests,
    inconclusive: given.inconclusive,
    errorPercent: given.errors,
    percentile: given.percentile,
    latencyFactor: given.latency_factor,
    latencySlackMs: given.latency_slack,
    restarts: given.restarts,
    commands: given.commands,
    queries: given.prometheus.map(({ url: prometheus, ...query }) => ({ ...query, prometheus })),
  };
}
