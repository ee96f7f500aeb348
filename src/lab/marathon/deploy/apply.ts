import type { State } from '../state.ts';
import type { Deployment } from './deployment.ts';

/** Makes the definitions and groups of a deployment the present ones. Can be repeated. */
export function applyDeployment(state: State, deployment: Deployment): void {
  const { changes, groupsAdded, groupsPut, groupsRemoved, version } = deployment;
  for (const [id, { to }] of Object.entries(changes)) {
    if (!to) state.removeApp(id);
    else if (state.apps.get(id)?.version !== to.version) state.putApp(to);
  }
  for (const id of groupsRemoved) state.removeGroup(id);
  for (const id of groupsAdded) {
    if (!state.groups.has(id)) state.putGroup({ id, dependencies: [], version });
  }
  for (const group of groupsPut) state.putGroup(group);
}
