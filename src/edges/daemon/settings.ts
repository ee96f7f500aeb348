import { z } from 'zod';
import { listenAddress } from './protocol.ts';

/** Settings of every edge whose fronts are in the daemon. */
export const daemonSettings = {
  cohort_cookie: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Callers with this cookie stay with one home while shares change, by its value.'),
  listen: z
    .array(listenAddress)
    .max(16)
    .optional()
    .describe(
      'Addresses of this machine that it listens on beside 127.0.0.1, such as that of the bridge where pods reach this machine.',
    ),
};

/** Where every front is, and addresses are chosen for. */
const loopback = '127.0.0.1';

export function listensAlso(listen: readonly string[]): { also?: string[] } {
  const also = [...new Set(listen)].filter((address) => address !== loopback);
  return also.length > 0 ? { also } : {};
}
