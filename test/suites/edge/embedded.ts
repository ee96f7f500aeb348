import { embedded } from '../../../src/edges/embedded/embedded.ts';
import type { EdgeOptions } from './under-test.ts';
import { startWorkspaceEdge, type WorkspaceEdge } from './workspace-edge.ts';

/** The embedded edge in a workspace of its own. */
export function startEmbedded(options: EdgeOptions = {}): Promise<WorkspaceEdge> {
  return startWorkspaceEdge((context) => embedded.connect({ cohort_cookie: 'uid' }, context), options);
}
