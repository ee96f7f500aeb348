import { inParallel } from '../host/in-parallel.ts';
import { findWhere } from '../manifest/where.ts';
import type { Environment, HomeConfig } from '../manifest/workspace.ts';
import type { AppComparison, Comparison } from '../model/comparison.ts';
import { exitCode, type Failure, fail, isFailure, together } from '../model/failure.ts';
import { compare, compareAlone } from '../plan/compare/compare.ts';
import { type ComparedHome, nameOf, sideOf } from './compare-side.ts';
import type { CompareRequest } from './operations.ts';
import { inventoryOf } from './residence.ts';
import type { Wired } from './wired.ts';

/** How apps behave in one home against another, as they are live in both. Writes nothing. */
export async function compareHomes(
  wired: Wired,
  { left: leftName, right: rightName, apps }: CompareRequest,
  signal?: AbortSignal,
): Promise<Comparison | Failure> {
  const [left, right] = [placeOf(wired, leftName), placeOf(wired, rightName)];
  const unknown = together([left, right].filter(isFailure));
  if (isFailure(left) || isFailure(right)) return unknown ?? fail('unknown-home', 'There is no such home.');
  const names = apps.length > 0 ? [...new Set(apps)] : await appsIn(wired, [left, right]);
  if (isFailure(names)) return undetermined(names);
  const compared = new Map<string, AppComparison>();
  const failure = await inParallel(names, async (app) => {
    const one = await compareIn(wired, left, right, app, signal);
    if (isFailure(one)) return one;
    compared.set(app, one);
    return undefined;
  });
  if (failure) return undetermined(failure);
  return { left: nameOf(left), right: nameOf(right), apps: names.flatMap((app) => compared.get(app) ?? []) };
}

/** A home that does not answer leaves the question open. */
function undetermined(why: Failure): Failure {
  if (exitCode(why) === 2) return why;
  const { hint, details } = why;
  return fail('not-compared', `The homes could not be compared: ${why.message}`, {
    ...(hint ? { hint } : {}),
    ...(details ? { details } : {}),
  });
}

/** One app in two homes of an environment: the phase `compare` of a move. */
export async function compareApp(
  wired: Wired,
  environment: Environment,
  left: HomeConfig,
  right: HomeConfig,
  app: string,
  signal?: AbortSignal,
): Promise<AppComparison | Failure> {
  return await compareIn(wired, { environment, home: left }, { environment, home: right }, app, signal);
}

async function compareIn(
  wired: Wired,
  left: ComparedHome,
  right: ComparedHome,
  app: string,
  signal?: AbortSignal,
): Promise<AppComparison | Failure> {
  const [l, r] = await Promise.all([sideOf(wired, left, app, signal), sideOf(wired, right, app, signal)]);
  const silent = together([l, r].filter(isFailure));
  if (isFailure(l) || isFailure(r)) return silent ?? fail('internal', 'A failure went missing.');
  const now = wired.host.clock.now();
  const { accept } = wired.workspace.moves;
  if (l && r) return compare({ left: l, right: r, now, ...edgeOf(left, right) }, accept);
  if (l) return compareAlone(l.app, { left: l.home }, accept, now);
  if (r) return compareAlone(r.app, { right: r.home }, accept, now);
  return fail('unknown-app', `${app} runs neither in ${nameOf(left)} nor in ${nameOf(right)}.`, {
    found: app,
    hint: 'rehome status',
  });
}

function edgeOf(left: ComparedHome, right: ComparedHome): { readonly edge?: string } {
  const { name, edge } = left.environment;
  return edge && right.environment.name === name ? { edge: name } : {};
}

function placeOf({ workspace }: Wired, text: string): ComparedHome | Failure {
  const where = findWhere(workspace, text);
  if (isFailure(where)) return where;
  const { environment, home } = where;
  const [only, ...others] = environment.homes;
  const named = home ?? (others.length === 0 ? only : undefined);
  if (named) return { environment, home: named };
  const homes = environment.homes.map(({ name }) => `${environment.name}.${name}`).join(', ');
  return fail('unknown-home', `${text} has several homes; say which one.`, { found: text, expected: homes });
}

async function appsIn(wired: Wired, places: readonly ComparedHome[]): Promise<readonly string[] | Failure> {
  const found = await Promise.all(
    places.map(({ environment, home }) => inventoryOf(wired, environment, home)),
  );
  const names: string[] = [];
  for (const residents of found) {
    if (isFailure(residents)) return residents;
    names.push(...residents.map(({ app }) => app));
  }
  return [...new Set(names)].filter((name) => name !== '').sort();
}
