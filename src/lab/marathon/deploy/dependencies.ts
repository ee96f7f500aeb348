import { canonical } from '../app/normalise.ts';
import { groupsAbove, isWithin } from '../app/path.ts';
import type { State } from '../state.ts';
import type { Change } from './commit.ts';

/**
 * Apps that an app depends on, after a change: its own dependencies and those of its groups, where a group stands for
 * all apps in it. Those that do not exist do not count.
 */
export function dependencies(state: State, change: Change): (app: string) => readonly string[] {
  const removed = new Set(change.remove);
  const own = new Map([...state.apps.values()].map((app) => [app.id, app.dependencies]));
  for (const id of removed) own.delete(id);
  for (const draft of change.put ?? []) own.set(draft.id, draft.dependencies);
  const groups = new Map([...state.groups.values()].map((group) => [group.id, group.dependencies]));
  for (const group of change.putGroups ?? []) groups.set(group.id, group.dependencies);
  const ids = [...own.keys()];

  return (app) => {
    const said = (own.get(app) ?? []).map((one) => canonical(one, app));
    const ofGroups = groupsAbove(app).flatMap((group) => groups.get(group) ?? []);
    const found = [...said, ...ofGroups].flatMap((one) =>
      own.has(one) ? [one] : ids.filter((id) => isWithin(id, one)),
    );
    return [...new Set(found)];
  };
}

/** Whether an app depends on itself, by whatever way, after a change. */
export function hasCycle(state: State, change: Change): boolean {
  const dependenciesOf = dependencies(state, change);
  const done = new Set<string>();
  const above = new Set<string>();
  const leadsBack = (app: string): boolean => {
    if (above.has(app)) return true;
    if (done.has(app)) return false;
    above.add(app);
    const found = dependenciesOf(app).some(leadsBack);
    above.delete(app);
    done.add(app);
    return found;
  };
  return [...state.apps.keys(), ...(change.put ?? []).map((draft) => draft.id)].some(leadsBack);
}
