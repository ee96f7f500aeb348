import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { type Json, list, record } from '../../json.ts';
import type { Cluster } from '../cluster.ts';
import type { Kind } from '../kinds.ts';

const review: Kind = {
  kind: 'SelfSubjectRulesReview',
  apiVersion: 'authorization.k8s.io/v1',
  plural: 'selfsubjectrulesreviews',
  clusterWide: true,
};

/** What a deployment does beside the writes of its plan, and would fail at in the middle of it. */
const needed = [
  ['get', 'batch', 'jobs'],
  ['list', 'batch', 'jobs'],
  ['create', 'batch', 'jobs'],
  ['delete', 'batch', 'jobs'],
  ['patch', 'batch', 'cronjobs/status'],
  ['watch', 'apps', 'deployments'],
  ['list', 'apps', 'replicasets'],
  ['list', '', 'pods'],
  ['watch', '', 'pods'],
  ['get', '', 'pods/log'],
  ['list', '', 'events'],
] as const;

/** A Failure where we may not do what a deployment needs; nothing where the cluster cannot tell. */
export async function missingPermissions(
  cluster: Cluster,
  signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
  const place = await cluster.place();
  if (isFailure(place)) return place;
  const { namespace, server } = place;
  const body = { apiVersion: review.apiVersion, kind: review.kind, spec: { namespace } };
  const answer = await cluster.create(review, body, signal);
  if (answer === undefined || isFailure(answer)) return undefined;
  const { resourceRules, incomplete } = record(answer['status']);
  if (incomplete === true) return undefined;
  const rules = list(resourceRules);
  const missing = needed.filter((one) => !rules.some((rule) => allows(rule, one)));
  if (missing.length === 0) return undefined;
  const verbs = missing.map(([verb, , resource]) => `${verb} ${resource}`).join(', ');
  return fail(
    'forbidden',
    `The cluster at ${server} does not let us ${verbs} in the namespace ${namespace}.`,
    {
      hint: 'the Role in docs/kubernetes-role.yaml holds all that rehome needs',
    },
  );
}

function allows(rule: Json, [verb, group, resource]: readonly [string, string, string]): boolean {
  const names = rule['resourceNames'];
  if (Array.isArray(names) && names.length > 0) return false;
  return has(rule['verbs'], verb) && has(rule['apiGroups'], group) && has(rule['resources'], resource);
}

function has(values: unknown, wanted: string): boolean {
  return Array.isArray(values) && (values.includes('*') || values.includes(wanted));
}
