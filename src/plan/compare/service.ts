import type { HealthCheck, Service } from '../../model/app.ts';
import type { Difference } from '../../model/comparison.ts';
import { difference, type Found, unlike } from './found.ts';
import type { Pair, Side } from './side.ts';
import { compareWorkload } from './workload.ts';

export function compareService(left: Service, right: Service, pair: Pair): readonly Difference[] {
  const path = `services.${left.name}`;
  return [
    ...compareWorkload(path, left, right, pair),
    ...instances(`${path}.instances`, left, right, pair),
    ...ports(`${path}.port`, left, right),
    ...health(`${path}.health`, left.health, right.health, pair),
    ...rollout(`${path}.rollout`, left, right),
    ...unlike(
      `${path}.killGraceMs`,
      left.killGraceMs,
      right.killGraceMs,
      'ms from the polite signal to the final one',
    ),
  ];
}

function instances(path: string, left: Service, right: Service, pair: Pair): readonly Difference[] {
  if (left.instances === right.instances) return [];
  const [verdict, why] = otherNumber(left, right, pair);
  return [difference(path, left.instances, right.instances, verdict, why)];
}

function otherNumber(left: Service, right: Service, pair: Pair): Found {
  if (isWorker(left, pair.left) && isWorker(right, pair.right)) {
    return ['accepted', 'the number of workers follows the share of a home'];
  }
  const dark = [pair.left, pair.right].filter(isDark).map(({ home }) => home);
  return dark.length > 0
    ? ['accepted', `${dark.join(' and ')} has no share of the traffic`]
    : ['blocking', 'different numbers of instances'];
}

function isWorker({ port, health: check }: Service, { work }: Side): boolean {
  return work?.instances !== undefined || (port === undefined && !check);
}

function isDark({ residency }: Side): boolean {
  return residency?.share === 0;
}

/** Every home tells an instance its port. Whether there is one matters, its number does not. */
function ports(path: string, { port: left }: Service, { port: right }: Service): readonly Difference[] {
  if (left === right) return [];
  if (left !== undefined && right !== undefined) {
    return [difference(path, left, right, 'equivalent', 'an instance listens where its home says, at $PORT')];
  }
  return [difference(path, left, right, 'blocking', 'one listens, the other does not')];
}

const aspects = ['protocol', 'path', 'intervalMs', 'timeoutMs', 'failures', 'graceMs'] as const;
const meanings: Readonly<Record<(typeof aspects)[number], string>> = {
  protocol: 'different kinds of check',
  path: 'different paths are asked',
  intervalMs: 'ms from check to check',
  timeoutMs: 'ms after which no answer is a failure',
  failures: 'failures in a row until an instance is replaced',
  graceMs: 'ms at the start during which failures do not count',
};

function health(
  path: string,
  left: HealthCheck | undefined,
  right: HealthCheck | undefined,
  pair: Pair,
): readonly Difference[] {
  if (!left && !right) return [];
  if (!left || !right) {
    const home = (left ? pair.left : pair.right).home;
    return [difference(path, left, right, 'blocking', `only ${home} notices an instance that hangs`)];
  }
  return aspects.flatMap((aspect) =>
    unlike(`${path}.${aspect}`, left[aspect], right[aspect], meanings[aspect]),
  );
}

/** Fractions that come to the same whole instances are the same. */
function rollout(path: string, left: Service, right: Service): readonly Difference[] {
  const isSame =
    left.instances === right.instances && whole(left).every((count, at) => count === whole(right)[at]);
  const fractions = (['minHealthy', 'maxOver'] as const).flatMap((key) =>
    unlike(`${path}.${key}`, left.rollout[key], right.rollout[key], 'different steps of a rollout').map(
      (one) =>
        isSame
          ? { ...one, verdict: 'equivalent' as const, why: 'it comes to the same whole instances' }
          : one,
    ),
  );
  const patience = unlike(`${path}.deadlineMs`, left.rollout.deadlineMs, right.rollout.deadlineMs, '');
  const why = 'ms that rehome waits for a rollout; no instance notices';
  return [...fractions, ...patience.map((one) => ({ ...one, verdict: 'accepted' as const, why }))];
}

/** Instances that stay, and instances that come on top. */
function whole({ instances: count, rollout: { minHealthy, maxOver } }: Service) {
  return [Math.ceil(count * minHealthy), Math.floor(count * maxOver)];
}
