import { groupsAbove, parentOf } from '../app/path.ts';
import { type Violation, violation } from '../refusal.ts';
import type { State } from '../state.ts';
import type { Change } from './commit.ts';

const message = 'Groups and Applications may not have the same identifier.';

/** An id names an app or a group, never both. */
export function groupConflicts(state: State, change: Change): readonly Violation[] {
  const removed = new Set(change.remove);
  const removedGroups = new Set(change.removeGroups);
  const apps = new Set([...state.apps.keys()].filter((id) => !removed.has(id)));
  const groups = new Set([...state.groups.keys()].filter((id) => !removedGroups.has(id)));
  for (const draft of change.put ?? []) {
    apps.add(draft.id);
    for (const group of groupsAbove(draft.id)) groups.add(group);
  }
  for (const group of change.putGroups ?? []) {
    for (const id of [group.id, ...groupsAbove(group.id)]) if (id !== '/') groups.add(id);
  }
  const clashes = [...apps].filter((id) => groups.has(id));
  return clashes.map((id) => violation(placeOf(parentOf(id), [...groups]), message));
}

/** `/groups(0)/groups(1)`: where a group stands in the tree, counted in the order of their coming. */
function placeOf(group: string, groups: readonly string[]): string {
  const chain = [group, ...groupsAbove(group)].filter((id) => id !== '/').reverse();
  const words = chain.map((id) => {
    const siblings = groups.filter((other) => parentOf(other) === parentOf(id));
    return `/groups(${siblings.indexOf(id)})`;
  });
  return words.join('') || '/';
}
