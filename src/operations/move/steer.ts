import { findWhere } from '../../manifest/where.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { BegunMove, Steering } from '../../store/moves.ts';
import type { SteerRequest, WatchMove } from '../operations.ts';
import type { Wired } from '../wired.ts';
import { carryToSoak } from './begin.ts';
import { foundMove } from './carry.ts';

/** How often a move that somebody else carries on is looked at, ms. */
const pollMs = 50;

/** Tells a move what an operator wants, and sees to it that somebody does it. */
export async function steerMove(
  wired: Wired,
  { app, where, what }: SteerRequest,
  watch: WatchMove,
  signal: AbortSignal,
): Promise<Move | Failure> {
  const latest = await latestMove(wired, app, where);
  if (isFailure(latest)) return latest;
  const begun = await wired.store.begunMove(latest.move);
  if (isFailure(begun)) return begun;
  const senseless = await refused(wired, begun, what);
  if (senseless) return senseless;
  const steered = await wired.store.steerMove(latest.move, wordsFor(what, begun));
  if (steered) return steered;
  if (what === 'pause' || what === 'approve') return await foundMove(wired, latest.move);
  return await follow(wired, latest.move, what, watch, signal);
}

/** What could not lead anywhere. */
async function refused(
  wired: Wired,
  { app, environment, from, to, phase }: BegunMove,
  what: SteerRequest['what'],
): Promise<Failure | undefined> {
  if (what === 'finish' && phase !== 'soak') {
    return fail(
      'usage',
      `The move of ${app} to ${to} is at ${phase}, and not in its soak yet: nothing can be finished.`,
    );
  }
  if (what !== 'back') return undefined;
  const residence = await wired.store.residence(app, environment);
  if (!residence || isFailure(residence)) return residence;
  if (residence.homes.some(({ home }) => home === from)) return undefined;
  return fail('nothing-to-move', `${app} has left ${environment}.${from} for good.`, {
    hint: `rehome retire --undo ${app} -e ${environment} --from ${from} brings it back; then rehome move ${app} -e ${environment} --to ${from}`,
  });
}

async function latestMove(wired: Wired, app: string, whereText: string): Promise<Move | Failure> {
  const where = findWhere(wired.workspace, whereText);
  if (isFailure(where)) return where;
  const environment = where.environment.name;
  const moves = await wired.store.moves({ app, environment, limit: 1 });
  if (isFailure(moves)) return moves;
  const [latest] = moves;
  if (latest) return latest;
  return fail('no-such-move', `${app} never moved in ${environment}.`, {
    hint: `rehome move ${app} -e ${environment} --to HOME`,
  });
}

function wordsFor(what: SteerRequest['what'], { plan, shares, to }: BegunMove): Partial<Steering> {
  const nextStage = plan.stages.find((stage) => stage > (shares[to] ?? 0)) ?? 100;
  const words = {
    pause: { paused: true },
    resume: { paused: false },
    back: { direction: 'back', paused: false },
    finish: { finish: true, paused: false },
    approve: { approved: nextStage },
  } as const;
  return words[what];
}

/** Carries it on where nobody does; else tells how it goes until what was asked for is done. */
async function follow(
  wired: Wired,
  id: string,
  what: SteerRequest['what'],
  watch: WatchMove,
  signal: AbortSignal,
): Promise<Move | Failure> {
  let told = 0;
  while (!signal.aborted) {
    const claim = await wired.store.claimMove(id, wired.owner);
    if (!isFailure(claim)) return await carryToSoak(wired, claim, watch, signal);
    if (claim.code !== 'already-running' && claim.code !== 'not-resumable') return claim;
    const events = await wired.store.moveEvents(id);
    if (isFailure(events)) return events;
    for (const event of events.slice(told)) if (told > 0) watch(event);
    told = events.length;
    const move = await foundMove(wired, id);
    if (isFailure(move) || move.status !== 'running' || what === 'resume') return move;
    await wired.host.clock.sleep(pollMs, signal);
  }
  return await foundMove(wired, id);
}
