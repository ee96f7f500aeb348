import { z } from 'zod';
import { isFailure } from '../../model/failure.ts';
import { edgeUp } from '../daemon/control.ts';
import { edgeBlock } from '../daemon/discovery.ts';
import { edgeOfDaemon } from '../daemon/edge.ts';
import { daemonSettings, listensAlso } from '../daemon/settings.ts';
import type { EdgeType } from '../edge.ts';

const settings = z.strictObject(daemonSettings);
type Settings = z.infer<typeof settings>;

/** The edge that rehome brings: a proxy on loopback, one process per workspace, told over HTTP. */
export const embedded: EdgeType<Settings> = {
  name: 'embedded',
  settings,
  capabilities: { follows: true },
  connect: ({ cohort_cookie: cohortCookie, listen = [] }, context) =>
    edgeOfDaemon(context, { ...(cohortCookie && { cohortCookie }), ...listensAlso(listen) }),
  addresses: ({ host, root }) => edgeBlock(host, root),
  async up(machine) {
    const status = await edgeUp(machine);
    return isFailure(status) ? status : undefined;
  },
};
