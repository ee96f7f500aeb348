import { findWhere } from '../manifest/where.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { Wired } from './wired.ts';

interface Query {
  readonly app?: string;
  readonly environment?: string;
}

/** An answer that is empty because nobody knows what was asked for is none. `unknown-app`, `unknown-environment`. */
export async function unlessUnknown<T>(
  wired: Wired,
  query: Query,
  answer: readonly T[] | Failure,
): Promise<readonly T[] | Failure> {
  if (isFailure(answer) || answer.length > 0) return answer;
  return (await unknownIn(wired, query)) ?? answer;
}

/** What a question names that is neither written down nor remembered. */
export async function unknownIn(
  { workspace, store }: Wired,
  { app, environment }: Query,
): Promise<undefined | Failure> {
  const where = environment === undefined ? undefined : findWhere(workspace, environment);
  if (isFailure(where)) return where;
  if (app === undefined || Object.hasOwn(workspace.manifests, app)) return undefined;
  const residences = await store.residences();
  if (isFailure(residences)) return residences;
  if (residences.some((residence) => residence.app === app)) return undefined;
  const hint = suggest(app, Object.keys(workspace.manifests));
  return fail('unknown-app', `No manifest in services/ has app_name ${app}.`, {
    found: app,
    ...(hint ? { hint } : {}),
  });
}
