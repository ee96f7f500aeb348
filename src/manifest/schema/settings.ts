import { z } from 'zod';
import { duration, nonEmpty, urlPath } from './words.ts';

/** Settings that a manifest may give and that conventions give defaults for. */

export const health = z.union([
  z.literal(false),
  z.strictObject({
    protocol: z
      .enum(['http', 'tcp'])
      .optional()
      .describe('`http` (default) asks for `path`; `tcp` only connects.'),
    path: urlPath
      .optional()
      .describe('Path to ask for; an answer of 200 to 399 is healthy. Default `/health`.'),
    interval: duration.optional().describe('Time between two checks. Default `2s`.'),
    timeout: duration.optional().describe('How long one check may take. Default `2s`.'),
    failures: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Failures in a row before an instance is replaced. Default 3.'),
    grace: duration
      .optional()
      .describe('Failures do not count before the first success or the end of this time. Default `30s`.'),
  }),
]);

const fraction = z.number().min(0).max(1);

export const rollout = z.strictObject({
  min_healthy: fraction
    .optional()
    .describe('Part of the instances that stays healthy during an upgrade, 0 to 1. Default 1.'),
  max_over: fraction
    .optional()
    .describe('Part of the instances that may run on top during an upgrade, 0 to 1. Default 1.'),
  deadline: duration.optional().describe('A rollout that takes longer is undone. Default `5m`.'),
});

/** `command` is what a command must look like: placeholders are known in rehome.yaml only. */
export function migration(command: z.ZodString) {
  return z.union([
    z.literal(false),
    command,
    z.strictObject({
      up: command.describe('Command that migrates the data forward.'),
      down: command.optional().describe('Command that takes the migration back.'),
      timeout: duration.optional().describe('How long it may take. Default `30m`.'),
    }),
  ]);
}

export function tests(text: z.ZodString) {
  const list = z.array(stagedTest(text)).default([]);
  return z.union([
    z.literal(false),
    z.strictObject({
      before: list.describe('Tests that run before anything changes.'),
      after: list.describe('Tests that run against the new version.'),
    }),
  ]);
}

function stagedTest(text: z.ZodString) {
  return z
    .strictObject({
      name: nonEmpty.describe('What the test is called in the journal.'),
      http: text.optional().describe("Path asked for on the app's own address."),
      status: z.int().min(100).max(599).optional().describe('Status that `http` expects. Default 200.'),
      contains: text.optional().describe('Text that the answer to `http` must hold.'),
      command: text
        .optional()
        .describe("Command run on the operator's machine, in the folder of the workspace."),
      task: text
        .optional()
        .describe("Command run as a one-off task in the app's home, with its image and environment."),
    })
    .refine((test) => kinds(test) === 1, 'have exactly one of `http`, `command` and `task`')
    .refine((test) => test.http !== undefined || (test.status === undefined && test.contains === undefined), {
      error: 'have an `http` for its `status` and `contains`',
    })
    .transform(({ name, http, status = 200, contains, command, task }) => {
      if (http !== undefined) return { name, http, status, ...(contains === undefined ? {} : { contains }) };
      return command !== undefined ? { name, command } : { name, task: task ?? '' };
    });
}

function kinds(test: { http?: unknown; command?: unknown; task?: unknown }): number {
  return [test.http, test.command, test.task].filter((kind) => kind !== undefined).length;
}

export const limits = z.enum(['soft', 'hard']);
export const cpu = z.number().positive().max(1_000);
export const mem = z.number().min(1).max(10_000_000);
export const instances = z.int().min(0).max(10_000);
export const port = z.int().min(1).max(65_535);
