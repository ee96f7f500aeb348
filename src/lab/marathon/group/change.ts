import { z } from 'zod';
import { readNewApp } from '../app/change.ts';
import { checkApp } from '../app/check.ts';
import type { Draft } from '../app/definition.ts';
import { canonical } from '../app/normalise.ts';
import { checkId, isWithin, parentOf } from '../app/path.ts';
import type { Change } from '../deploy/commit.ts';
import { readShape } from '../json/read.ts';
import { isRefusal, notValid, type Refusal, violation } from '../refusal.ts';
import type { Group, State } from '../state.ts';

const path = z
  .string('error.expected.jsstring')
  .regex(/^(\/?(\.\.|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)?($|\/))+$/, 'error.pattern');

/** What a body may say of a group. A list of apps or groups replaces that level. */
const groupShape = z.object({
  id: path.optional(),
  apps: z.array(z.unknown(), 'error.expected.jsarray').optional(),
  pods: z.array(z.unknown(), 'error.expected.jsarray').optional(),
  get groups() {
    return z.array(groupShape, 'error.expected.jsarray').optional();
  },
  dependencies: z.array(path, 'error.expected.jsarray').optional(),
  scaleBy: z.number('error.expected.jsnumber').min(0, 'error.min').optional(),
  version: z.string('error.expected.jsstring').optional(),
});
type GroupUpdate = z.output<typeof groupShape>;

type GroupChange = Required<Pick<Change, 'put' | 'remove' | 'putGroups' | 'removeGroups' | 'group'>>;

/** The change that an update of a group means, its nested groups included. */
export function readGroupChange(state: State, base: string, body: unknown): GroupChange | Refusal {
  const update = readShape(groupShape, body);
  if (isRefusal(update)) return update;
  const id = update.id === undefined ? base : within(base, update.id);
  const misnamed = id === '/' ? [] : checkId(id);
  if (misnamed.length > 0) return notValid(misnamed);
  if (update.version !== undefined) {
    return notValid([
      violation('/version', 'earlier versions of groups are not supported by the embedded Marathon'),
    ]);
  }
  if (update.scaleBy !== undefined) return scaled(state, id, update.scaleBy);
  return collect(state, id, update, '');
}

function within(base: string, id: string): string {
  return id.startsWith('/') ? canonical(id) : canonical(`${base}/${id}`);
}

/** Every app below a group with so many times its instances; each is checked as if it had been said of it alone. */
function scaled(state: State, id: string, by: number): GroupChange | Refusal {
  const apps = [...state.apps.values()].filter((app) => isWithin(app.id, id));
  const put = apps.map((app) => ({ ...app, instances: Math.ceil(app.instances * by) }));
  const faults = put.flatMap((app) => checkApp(app));
  if (faults.length > 0) return notValid(faults);
  return { put, remove: [], putGroups: [], removeGroups: [], group: id };
}

function collect(state: State, id: string, update: GroupUpdate, place: string): GroupChange | Refusal {
  if (update.pods?.length)
    return notValid([violation(`${place}/pods`, 'pods are not supported by the embedded Marathon')]);
  const own = ownApps(id, update, place);
  if (isRefusal(own)) return own;
  const change = {
    put: [...own],
    remove: update.apps ? missingApps(state, id, own) : [],
    putGroups: id === '/' ? [] : [toGroup(state, id, update)],
    removeGroups: [] as string[],
    group: id,
  };
  const subgroups: string[] = [];
  for (const [index, nested] of (update.groups ?? []).entries()) {
    const nestedId = within(id, nested.id ?? '');
    subgroups.push(nestedId);
    const inner = collect(state, nestedId, nested, `${place}/groups(${index})`);
    if (isRefusal(inner)) return inner;
    for (const key of ['put', 'remove', 'putGroups', 'removeGroups'] as const) {
      (change[key] as unknown[]).push(...inner[key]);
    }
  }
  if (update.groups) dropOthers(state, id, subgroups, change);
  return change;
}

function ownApps(id: string, update: GroupUpdate, place: string): readonly Draft[] | Refusal {
  const drafts: Draft[] = [];
  for (const [index, body] of (update.apps ?? []).entries()) {
    const draft = readNewApp(body, (said) => within(id, said));
    if (isRefusal(draft)) return draft;
    if (parentOf(draft.id) !== id) {
      const message = `Identifier ${draft.id} is not child of ${id}. Hint: use relative paths.`;
      return notValid([violation(`${place}/apps(${index})/id`, message)]);
    }
    drafts.push({ ...draft, dependencies: draft.dependencies });
  }
  return drafts;
}

function missingApps(state: State, id: string, kept: readonly Draft[]): string[] {
  const ids = new Set(kept.map((app) => app.id));
  return [...state.apps.keys()].filter((app) => parentOf(app) === id && !ids.has(app));
}

function dropOthers(
  state: State,
  id: string,
  kept: readonly string[],
  change: { remove: string[]; removeGroups: string[] },
): void {
  const belongs = (other: string): boolean =>
    kept.some((group) => other === group || isWithin(other, group) || isWithin(group, other));
  const groups = [...state.groups.keys()].filter((group) => isWithin(group, id) && !belongs(group));
  change.removeGroups.push(...groups);
  const apps = [...state.apps.keys()].filter((app) => groups.includes(parentOf(app)));
  change.remove.push(...apps);
}

function toGroup(state: State, id: string, update: GroupUpdate): Omit<Group, 'version'> {
  const before = state.groups.get(id);
  const dependencies = update.dependencies?.map((one) => canonical(one, id)) ?? before?.dependencies ?? [];
  return { id, dependencies };
}
