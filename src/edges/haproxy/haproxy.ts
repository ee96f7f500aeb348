import type { z } from 'zod';
import { isFailure } from '../../model/failure.ts';
import { edgeUp } from '../daemon/control.ts';
import { edgeBlock } from '../daemon/discovery.ts';
import { edgeOfDaemon } from '../daemon/edge.ts';
import { listensAlso } from '../daemon/settings.ts';
import type { EdgeType } from '../edge.ts';
import { lookAtHaproxy } from './look.ts';
import { settings } from './settings.ts';

type Settings = z.infer<typeof settings>;

/** HAProxy: rehome writes its configuration and changes it while it runs; docs/haproxy.md. */
export const haproxy: EdgeType<Settings> = {
  name: 'haproxy',
  settings,
  capabilities: { follows: true },
  connect: ({ cohort_cookie: cohortCookie, listen = [], ...process }, context) =>
    edgeOfDaemon(context, {
      edge: 'haproxy',
      settings: process,
      ...(cohortCookie && { cohortCookie }),
      ...listensAlso(listen),
    }),
  look: (wanted, { host }) => lookAtHaproxy(wanted, host),
  addresses: ({ host, root }) => edgeBlock(host, root),
  async up(machine) {
    const status = await edgeUp(machine);
    return isFailure(status) ? status : undefined;
  },
};
