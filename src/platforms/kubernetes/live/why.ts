import { number, record } from '../../json.ts';
import type { Readiness } from '../../platform.ts';
import { isObserved, type Rollout } from './rollout.ts';
import { type Trouble, told } from './trouble.ts';

type Counts = Pick<Readiness, 'wanted' | 'running' | 'healthy'>;

/** Why a rollout is not done, in words, with who has to act: `1 of 2 running; fault of the cluster: no node takes …`. */
export function whyWaiting(rollout: Rollout, counts: Counts, troubles: readonly Trouble[]): string {
  const { wanted, running, healthy } = counts;
  const head =
    healthy < running || running >= wanted
      ? `${healthy} of ${wanted} healthy`
      : `${running} of ${wanted} running`;
  const reasons = [...new Set(troubles.map(told))].slice(0, 3);
  return [head, ...(reasons.length > 0 ? reasons : onItsWay(rollout, counts))].join('; ');
}

/** Nothing is wrong; it only takes its time. */
function onItsWay({ live, old, ending }: Rollout, { wanted, healthy }: Counts): readonly string[] {
  if (!live) return [];
  const spec = record(live['spec']);
  if (spec['paused'] === true)
    return ['somebody paused the Deployment; `kubectl rollout resume` lets it go on'];
  if (!isObserved(live)) return ['the cluster has not begun yet'];
  if (healthy < wanted)
    return ending.length > 0 && old.length === 0 ? [pods(ending.length, 'still ending')] : [];
  const available = number(record(live['status'])['availableReplicas']) ?? 0;
  const minReady = number(spec['minReadySeconds']) ?? 0;
  if (available < wanted && minReady > 0) return [`they have to stay ready for ${minReady} s`];
  if (old.length > 0) return [pods(old.length, 'still there')];
  return ending.length > 0 ? [pods(ending.length, 'still ending')] : [];
}

function pods(count: number, what: string): string {
  return `${count} old ${count === 1 ? 'pod is' : 'pods are'} ${what}`;
}
