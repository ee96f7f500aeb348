import { z } from 'zod';

/** Keys of a home with `platform: local` in rehome.yaml: none are needed. */
export const settings = z.strictObject({
  api: z
    .union([z.literal('lab'), z.url({ protocol: /^https?$/ })])
    .default('lab')
    .describe("URL of the supervisor's API, or `lab` for the embedded one."),
});

export type LocalSettings = z.output<typeof settings>;
