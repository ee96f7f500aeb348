import { findWhere } from '../../manifest/where.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { FleetResult, WatchMove, WaveRequest } from '../operations.ts';
import type { Wired } from '../wired.ts';
import { move } from './begin.ts';

/**
 * Moves many apps, so many at a time. One that goes back or cannot begin lets nothing new begin, unless told to keep
 * going; those under way come to their own ends.
 */
export async function moveAll(
  wired: Wired,
  request: WaveRequest,
  watch: WatchMove,
  signal: AbortSignal,
): Promise<FleetResult | Failure> {
  const apps = request.apps ?? (await appsToMove(wired, request));
  if (isFailure(apps)) return apps;
  const left = [...apps];
  const moves: Move[] = [];
  const failures: Record<string, Failure> = {};
  let stopped = false;
  const { wave, keepGoing, apps: _, ...each } = request;
  const lane = async (): Promise<void> => {
    while (!stopped && !signal.aborted) {
      const app = left.shift();
      if (app === undefined) return;
      const result = await move(wired, { ...each, app }, watch, signal);
      if (isFailure(result)) failures[app] = result;
      else moves.push(result);
      const bad = isFailure(result) || result.status === 'back' || result.failure !== undefined;
      if (bad && !keepGoing) stopped = true;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(wave, apps.length)) }, lane));
  return { moves, failures, left };
}

/** All apps of the environment that have something elsewhere than in the new home. */
async function appsToMove(
  { store, workspace }: Wired,
  { where, to }: WaveRequest,
): Promise<readonly string[] | Failure> {
  const found = findWhere(workspace, where);
  if (isFailure(found)) return found;
  const residences = await store.residences();
  if (isFailure(residences)) return residences;
  return residences
    .filter(({ environment, homes }) => {
      const elsewhere = homes.some(({ home, share, duty }) => home !== to && (share > 0 || duty));
      return environment === found.environment.name && elsewhere;
    })
    .map(({ app }) => app);
}
