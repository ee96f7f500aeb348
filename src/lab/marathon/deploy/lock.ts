import { json } from '../../http/message.ts';
import type { Marathon } from '../context.ts';
import type { Refusal } from '../refusal.ts';
import { affectedApps, type Deployment } from './deployment.ts';
import { showPlan } from './show.ts';

/** Running deployments that touch an app which this one touches. */
export function conflictsOf(marathon: Marathon, deployment: Deployment): readonly Deployment[] {
  const apps = new Set(affectedApps(deployment));
  return [...marathon.state.deployments.values()].filter(
    (other) => other.id !== deployment.id && affectedApps(other).some((app) => apps.has(app)),
  );
}

/**
 * 409 when an app is locked. As with the real one, the attempt leaves traces: its versions stay listed, and two
 * events tell of a deployment that nobody was given the id of.
 */
export function refuseLocked(marathon: Marathon, deployment: Deployment, group: string): Refusal | undefined {
  const conflicts = conflictsOf(marathon, deployment);
  if (conflicts.length === 0) return undefined;
  for (const { to } of Object.values(deployment.changes)) if (to) marathon.state.addVersion(to);
  const message =
    'App is locked by one or more deployments. ' +
    "Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.";
  const { events } = marathon;
  events.publish('deployment_failed', { id: deployment.id, plan: showPlan(deployment), reason: message });
  events.publish('group_change_failed', { groupId: group, version: deployment.version, reason: message });
  return {
    kind: 'Refusal',
    reply: json(409, { message, deployments: conflicts.map(({ id }) => ({ id })) }),
  };
}
