import { type Failure, isFailure } from '../model/failure.ts';
import type { Release } from '../model/release.ts';
import type { Store } from '../store/store.ts';

/**
 * The schema version that a live release was rolled out on, where the store knows nothing of that release: its
 * labels are all that is left of a store that was lost. What the store does know, it knows better: a migration may
 * have been left out on request.
 */
export async function schemaSeen(
  store: Store,
  release: Release | undefined,
): Promise<string | undefined | Failure> {
  if (release?.schema === undefined) return undefined;
  const begun = await store.begun(release.deployment);
  if (!isFailure(begun)) return undefined;
  return begun.code === 'no-such-deployment' ? release.schema : begun;
}
