import { randomUUID } from 'node:crypto';
import { type AppDefinition, type Draft, sameConfiguration, sameDefinition } from '../app/definition.ts';
import { groupsAbove } from '../app/path.ts';
import { assignServicePorts } from '../app/ports.ts';
import { showApp } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { notValid, type Refusal, refuse, type Violation, violation } from '../refusal.ts';
import type { Group, State } from '../state.ts';
import { applyDeployment } from './apply.ts';
import { dependencies, hasCycle } from './dependencies.ts';
import type { AppChange, Deployment } from './deployment.ts';
import { groupConflicts } from './group-conflicts.ts';
import { refuseLocked } from './lock.ts';
import { planSteps } from './plan.ts';
import type { Runner } from './run.ts';

/** What somebody asks for: apps as they shall be, and which shall go. */
export interface Change {
  readonly put?: readonly Draft[];
  readonly remove?: readonly string[];
  readonly putGroups?: readonly Omit<Group, 'version'>[];
  readonly removeGroups?: readonly string[];
  /** Restarted although nothing changes. */
  readonly restart?: ReadonlySet<string>;
  /** Instances that are to go first when an app is scaled down. */
  readonly kill?: Readonly<Record<string, readonly string[]>>;
  /** Takes over from running deployments of the same apps. */
  readonly force: boolean;
  /** Instead of the present time. */
  readonly version?: string;
  /** The group whose change this is, for the events. */
  readonly group: string;
  /** The request, where it posts one app: for `api_post_event`. */
  readonly post?: { readonly clientIp: string; readonly uri: string };
}

export interface Committed {
  readonly deployment: Deployment;
  readonly version: string;
}

/** Accepts a change as a deployment and starts it; refuses it when it is not valid or an app is locked. */
export function commit(marathon: Marathon, runner: Runner, change: Change): Committed | Refusal {
  const { state, events } = marathon;
  const conflicts = faultsOf(state, change);
  if (conflicts.length > 0) return notValid(conflicts);
  const version = change.version ?? state.nextVersion();
  const changes = settleChanges(marathon, change, version);
  if (!changes) return refuse(500, 'There is no free service port left.');
  const deployment = plan(marathon, change, changes, version);
  const locked = change.force ? undefined : refuseLocked(marathon, deployment, change.group);
  if (locked) return locked;
  // Written down first: if all ends now, it is carried out when the lab starts again.
  if (deployment.steps.length > 0) marathon.state.putDeployment(deployment);
  runner.yieldTo(deployment);
  applyDeployment(marathon.state, deployment);
  announcePost(marathon, change);
  events.publish('group_change_success', { groupId: change.group, version });
  runner.start(deployment);
  return { deployment, version };
}

/** The steps that a change would take; nothing is changed, and no service port is given. */
export function dryRun(marathon: Marathon, change: Change): Deployment | Refusal {
  const conflicts = faultsOf(marathon.state, change);
  if (conflicts.length > 0) return notValid(conflicts);
  const version = new Date(marathon.now()).toISOString();
  const changes: Record<string, AppChange> = {};
  for (const draft of change.put ?? []) {
    const from = marathon.state.apps.get(draft.id);
    changes[draft.id] = { ...(from ? { from } : {}), to: versioned(draft, from, version) };
  }
  for (const id of change.remove ?? []) {
    const from = marathon.state.apps.get(id);
    if (from) changes[id] = { from };
  }
  return plan(marathon, change, changes, version);
}

function faultsOf(state: State, change: Change): readonly Violation[] {
  const conflicts = groupConflicts(state, change);
  if (conflicts.length > 0 || !hasCycle(state, change)) return conflicts;
  return [violation('/', 'Dependency graph has cyclic dependencies.')];
}

/** What really changes, with service ports and versions given. Undefined when there is no port left. */
function settleChanges(
  { state }: Marathon,
  change: Change,
  version: string,
): Readonly<Record<string, AppChange>> | undefined {
  const changes: Record<string, AppChange> = {};
  const world = new Map(state.apps);
  for (const id of change.remove ?? []) {
    const from = world.get(id);
    if (from) changes[id] = { from };
    world.delete(id);
  }
  for (const draft of change.put ?? []) {
    const from = state.apps.get(draft.id);
    world.delete(draft.id);
    const assigned = assignServicePorts(draft, from, world.values());
    if (!assigned) return undefined;
    const unchanged = from && sameDefinition(from, assigned) && !change.restart?.has(draft.id);
    const to = unchanged ? from : versioned(assigned, from, version);
    world.set(draft.id, to);
    if (!unchanged) changes[draft.id] = { ...(from ? { from } : {}), to };
  }
  return changes;
}

function versioned(draft: Draft, from: AppDefinition | undefined, version: string): AppDefinition {
  const onlyScaled = from && sameConfiguration(from, draft) && !sameDefinition(from, draft);
  const lastConfigChangeAt = onlyScaled ? from.versionInfo.lastConfigChangeAt : version;
  return { ...draft, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt } };
}

function plan(
  { state }: Marathon,
  change: Change,
  changes: Readonly<Record<string, AppChange>>,
  version: string,
): Deployment {
  const added = new Set(Object.keys(changes).flatMap(groupsAbove));
  return {
    id: randomUUID(),
    version,
    steps: planSteps(changes, dependencies(state, change), change.restart),
    changes,
    groupsAdded: [...added].filter((group) => !state.groups.has(group)),
    groupsPut: (change.putGroups ?? []).map((group) => ({ ...group, version })),
    groupsRemoved: change.removeGroups ?? [],
    ...(change.kill ? { kill: change.kill } : {}),
    at: 0,
  };
}

function announcePost({ state, events }: Marathon, { post, put }: Change): void {
  const app = state.apps.get(put?.[0]?.id ?? '');
  if (post && app) events.publish('api_post_event', { ...post, appDefinition: showApp(app) });
}
