import { z } from 'zod';
import type { Acceptance } from '../../model/comparison.ts';
import { nonEmpty } from './words.ts';

/** One difference between two homes that somebody has taken on, for a while. */
const acceptance = z
  .strictObject({
    path: nonEmpty.describe(
      'Path of the difference, as `rehome compare` shows it; `*` stands for any text: `crons.*.schedule`.',
    ),
    app: nonEmpty.optional().describe('App that it holds for; all where absent.'),
    owner: nonEmpty.describe('Who answers for it.'),
    until: z.iso
      .date({ error: 'a day such as 2026-12-31' })
      .describe('Last day on which it holds, in UTC. From the next one on the difference blocks again.'),
    why: nonEmpty.describe('Why it is fine.'),
  })
  .transform(({ app, ...rest }): Acceptance => ({ ...rest, ...(app === undefined ? {} : { app }) }));

/** `accept:` of `moves:`. */
export const acceptances = z.array(acceptance).default([]);
