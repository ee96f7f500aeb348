import { type Violation, violation } from '../refusal.ts';

/** Ids of apps and groups are paths: `/bank/account`. The root group is `/`. */

const segment = '(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])';

/** What is wrong with an absolute id that came in a path: its segments are like names of hosts. */
export function checkId(id: string, place = '/id'): readonly Violation[] {
  if (id === '/') return [violation('/', 'must not be root')];
  const fits = new RegExp(`^${segment}$`);
  if (
    id
      .slice(1)
      .split('/')
      .every((part) => fits.test(part))
  )
    return [];
  return [violation(place, `must fully match regular expression '^${segment}|(\\.|\\.\\.)$'`)];
}

/** `/a/b` of `/a/b/c`; the root is its own parent. */
export function parentOf(id: string): string {
  return id.slice(0, Math.max(id.lastIndexOf('/'), 0)) || '/';
}

/** Every group above an id, nearest first, without the root. */
export function groupsAbove(id: string): readonly string[] {
  const above: string[] = [];
  for (let group = parentOf(id); group !== '/'; group = parentOf(group)) above.push(group);
  return above;
}

/** Whether an id lies within a group, at any depth; a group is not within itself. */
export function isWithin(id: string, group: string): boolean {
  return id !== group && id.startsWith(group === '/' ? '/' : `${group}/`);
}
