import { type Failure, isFailure } from '../model/failure.ts';
import { workOnMoves } from './move/work-on-moves.ts';
import type { Watch, WatchMove } from './operations.ts';
import { resume } from './resume.ts';
import type { Wired } from './wired.ts';

/** How often a worker looks for deployments that nobody carries on, ms. */
const lookMs = 1_000;
/** A deployment whose home did not answer is tried again after this time, ms. */
const retryMs = 15_000;

export interface WorkRequest {
  /** Return when nothing is due any more. */
  readonly once: boolean;
  /** This deployment or move and no other. */
  readonly only?: string;
  readonly watchMove?: WatchMove;
}

/**
 * Carries on whatever nobody carries on: detached deployments and moves, and those whose process died. Deployments one
 * at a time; moves side by side, as they mostly wait.
 */
export async function work(
  wired: Wired,
  request: WorkRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<undefined | Failure> {
  const { once, only } = request;
  const notBefore = new Map<string, number>();
  const moves = workOnMoves(wired, request, signal);
  while (!signal.aborted) {
    const lost = await moves.begin();
    if (lost) return lost;
    const due = await dueDeployments(wired, only, notBefore);
    if (isFailure(due)) return due;
    for (const id of due) {
      const result = await resume(wired, id, watch, signal);
      if (isFailure(result) && result.code === 'store-unusable') return result;
      notBefore.set(id, wired.host.clock.now() + retryMs);
    }
    if (once && due.length === 0 && moves.idle()) return undefined;
    if (due.length === 0) await wired.host.clock.sleep(lookMs, signal);
  }
  await moves.end();
  return undefined;
}

async function dueDeployments(
  { store, host }: Wired,
  only: string | undefined,
  notBefore: Map<string, number>,
) {
  const running = await store.deployments({ status: 'running' });
  if (isFailure(running)) return running;
  return running
    .filter(({ attended, deployment }) => !attended && (only ?? deployment) === deployment)
    .map(({ deployment }) => deployment)
    .filter((id) => (notBefore.get(id) ?? 0) <= host.clock.now())
    .reverse();
}
