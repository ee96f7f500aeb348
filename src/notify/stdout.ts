import { z } from 'zod';
import type { Notifier } from './notifier.ts';

const settings = z.strictObject({});

/** A line where the command's progress goes, so that data on stdout stays parseable. */
export const stdout: Notifier<z.infer<typeof settings>> = {
  name: 'stdout',
  settings,
  async send({ text }, _settings, { print }) {
    print(text);
    return undefined;
  },
};
