import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { daemonSettings } from '../daemon/settings.ts';

const retry = z.enum(['safe', 'all', 'none']);
const absolute = z.string().refine(isAbsolute, 'an absolute path');

/** What the daemon is told of an HAProxy, with every front. */
export const processSettings = z.strictObject({
  retry: retry
    .default('safe')
    .describe(
      'What is sent to another instance when one ends without an answer: `safe` is GET, HEAD and OPTIONS without a body, `all` may carry out a POST twice.',
    ),
  retry_of: z.record(z.string(), retry).default({}).describe('The same for single apps, by name.'),
  connect_timeout: z
    .string()
    .regex(/^\d+ms$/, 'a duration in ms, such as 250ms')
    .default('250ms')
    .describe('A connection to an instance must stand after this time.'),
  hard_stop_after: z
    .string()
    .regex(/^\d+[smhd]$/, 'a duration such as 30s, 10m, 1h')
    .default('1h')
    .describe(
      'After a reload, connections that do not end by themselves (websockets) are cut after this time.',
    ),
  threads: z.int().min(1).max(64).optional().describe('Threads of HAProxy. Default: one for each core.'),
  command: z.string().min(1).default('haproxy').describe('The program, where rehome runs it.'),
  run: z
    .boolean()
    .default(true)
    .describe('`False`: HAProxy runs already, and rehome writes its files in `folder` and uses `socket`.'),
  folder: absolute
    .regex(/^[^\s'"#\\]+$/, 'no spaces or quotes')
    .optional()
    .describe('With `run: False`: the folder for `haproxy.cfg`, `shares.map` and `rehome.lua`.'),
  socket: absolute.optional().describe('With `run: False`: socket of the Runtime API, with `level admin`.'),
  master_socket: absolute
    .optional()
    .describe(
      'With `run: False`: socket of the master; without it, processes that a reload left are not seen.',
    ),
  reload: z
    .string()
    .min(1)
    .optional()
    .describe('With `run: False`: command that reloads HAProxy, such as `systemctl reload haproxy`.'),
});
export type ProcessSettings = z.infer<typeof processSettings>;

/** `edge: {type: haproxy, ...}` in rehome.yaml. */
export const settings = z
  .strictObject({
    ...daemonSettings,
    cohort_cookie: daemonSettings.cohort_cookie.refine(
      (name) => name === undefined || /^[A-Za-z0-9_.-]+$/.test(name),
      'letters, digits and . _ -',
    ),
    ...processSettings.shape,
  })
  .refine(({ run, folder, socket, reload }) => run || (folder && socket && reload), {
    message: 'run: False needs folder, socket and reload',
  });
