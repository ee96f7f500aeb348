import { isWithin } from '../app/path.ts';
import type { State } from '../state.ts';
import type { Change } from './commit.ts';
import type { Deployment } from './deployment.ts';

/**
 * The change that takes a deployment back. It takes over by force, restarts every instance whose configuration had
 * changed, and its version is older than the cancelled one's: that was seen on the real one.
 */
export function revertChange(state: State, deployment: Deployment): Change {
  const changes = Object.entries(deployment.changes);
  const put = changes.flatMap(([, { from }]) => (from ? [from] : []));
  const remove = changes.flatMap(([id, { from }]) => (from ? [] : [id]));
  const leaving = new Set(remove);
  const removeGroups = deployment.groupsAdded.filter(
    (group) => ![...state.apps.keys()].some((id) => isWithin(id, group) && !leaving.has(id)),
  );
  const oldest = put.map((app) => app.version).sort()[0];
  return {
    put,
    remove,
    removeGroups,
    putGroups: deployment.groupsRemoved.map((id) => ({ id, dependencies: [] })),
    force: true,
    version: oldest ? state.versionAfter(oldest) : state.nextVersion(),
    group: '/',
  };
}
