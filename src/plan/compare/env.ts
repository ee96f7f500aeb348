import { type Env, type EnvValue, isSecret } from '../../model/app.ts';
import type { Difference } from '../../model/comparison.ts';
import { takesWork } from '../../model/work.ts';
import { maskOf, same } from '../fields.ts';
import { keyPath } from '../path.ts';
import { follows } from './follows.ts';
import { difference, type Found } from './found.ts';
import type { Pair, Side } from './side.ts';

/** Variables by name. Secrets are compared by what the homes hold, and never shown. */
export function compareEnv(path: string, left: Env, right: Env, pair: Pair): readonly Difference[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.flatMap((name) => {
    const verdict = compareValue(name, own(left, name), own(right, name), pair);
    if (verdict === undefined) return [];
    const isHidden = isSecret(left[name]) || isSecret(right[name]);
    const [l, r] = [shown(own(left, name), isHidden), shown(own(right, name), isHidden)];
    return [difference(keyPath(path, name), l, r, ...verdict)];
  });
}

function own(env: Env, name: string): EnvValue | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** Where one side has a secret, the other one's value may be the very same. */
function shown(value: EnvValue | undefined, isHidden: boolean): string | undefined {
  if (isSecret(value)) return maskOf(value.ref);
  return value !== undefined && isHidden ? '(a value in the clear)' : value;
}

function compareValue(
  name: string,
  left: EnvValue | undefined,
  right: EnvValue | undefined,
  pair: Pair,
): Found | undefined {
  if (left === undefined || right === undefined) return onlyOne(name, left === undefined, pair);
  const misplaced = workOf(name, left, pair.left) ?? workOf(name, right, pair.right);
  if (misplaced) return misplaced;
  const [real, other] = [realValue(name, left, pair.left), realValue(name, right, pair.right)];
  const onTwin = [real === left ? [] : [pair.left.home], other === right ? [] : [pair.right.home]].flat();
  // A home on the twin does not hold the secret that it would have.
  const found = onTwin.length > 0 && same(real, other) ? undefined : compareReal(real, other, pair);
  if (onTwin.length !== 1 || found?.[0] === 'blocking') return found;
  return ['accepted', `${onTwin[0]} takes no real work yet: it has the twin's`];
}

function onlyOne(name: string, isLeftWithout: boolean, { left, right }: Pair): Found {
  const [without, having] = isLeftWithout ? [left, right] : [right, left];
  if (without.gives(name)) return ['equivalent', `${without.home} gives every task its own ${name}`];
  return ['blocking', `only ${having.home} has it`];
}

/** A dark home must not eat what is meant for others, and one with a share must not starve. */
function workOf(name: string, value: EnvValue, { home, work, residency }: Side): Found | undefined {
  const [twin, real] = [work?.twin?.env[name], work?.real[name]];
  if (!work || !residency || twin === undefined || real === undefined || same(twin, real)) return undefined;
  const takes = takesWork(work, residency);
  if (!takes && same(value, real))
    return ['blocking', `${home} is to take no real work, but would with this`];
  if (takes && same(value, twin)) return ['blocking', `${home} is to take real work, but has the twin's`];
  return undefined;
}

/** A home that is to take no real work has variables of a twin, which say nothing of the app. */
function realValue(name: string, value: EnvValue, { work, residency }: Side): EnvValue {
  const [twin, real] = [work?.twin?.env[name], work?.real[name]];
  if (!work || !residency || takesWork(work, residency) || real === undefined) return value;
  return same(twin, value) ? real : value;
}

function compareReal(left: EnvValue, right: EnvValue, pair: Pair): Found | undefined {
  if (isSecret(left) || isSecret(right)) return compareSecrets(left, right, pair);
  if (left === right) return undefined;
  const callee = pair.left.callees.get(left);
  if (callee !== undefined && callee === pair.right.callees.get(right)) {
    return ['equivalent', `both lead to ${callee}`];
  }
  const roles = follows(left, right, pair);
  return roles
    ? ['equivalent', `it follows the ${roles.join(' and the ')}`]
    : ['blocking', 'the values differ'];
}

function compareSecrets(left: EnvValue, right: EnvValue, pair: Pair): Found | undefined {
  const [l, r] = [heldIn(pair.left, left), heldIn(pair.right, right)];
  const isSameRef = same(left, right);
  if (l.length === 0 && r.length === 0 && isSameRef && isOneEnvironment(pair)) return undefined;
  if (l.length === 0 || r.length === 0) {
    const unknown = (l.length === 0 ? pair.left : pair.right).home;
    return ['blocking', `nobody but ${unknown} knows what it has there, so the two cannot be compared`];
  }
  if (same(l, r)) return isSameRef ? undefined : ['equivalent', 'the same value, referred to otherwise'];
  return isOneEnvironment(pair)
    ? ['blocking', 'the two homes hold different values of the secret']
    : ['accepted', 'environments have secrets of their own'];
}

/** What a home holds in place of a value; empty where that cannot be seen. */
function heldIn({ secrets }: Side, value: EnvValue): readonly string[] {
  if (!isSecret(value)) return [value];
  return [...new Set(secrets.get(value.ref))].sort();
}

function isOneEnvironment({ left, right }: Pair): boolean {
  return left.words.environment === right.words.environment;
}
