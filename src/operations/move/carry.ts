import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { Action, Intent } from '../../moves/move.ts';
import { next } from '../../moves/next.ts';
import type { BegunMove, MoveClaim } from '../../store/moves.ts';
import { resume } from '../resume.ts';
import type { Wired } from '../wired.ts';
import { act } from './act.ts';
import { observe } from './observe.ts';
import { type Carrying, fatal, lookMs, newMemory, type Round } from './round.ts';
import { siteOf } from './site.ts';
import { steered, untilSteered } from './steering.ts';
import { tellerFor } from './teller.ts';

/**
 * Carries a claimed move on: looks, does the one thing that is to be done, and looks again, until it is over or
 * `signal` aborts. Whatever it did before it was killed is seen by whoever comes next.
 */
export async function carryOn(wired: Wired, claim: MoveClaim, carrying: Carrying): Promise<Move | Failure> {
  const { store } = wired;
  const first = await store.begunMove(claim.move);
  if (isFailure(first)) return first;
  const tell = tellerFor(wired, first, carrying.watch);
  await tell.move();
  const memory = newMemory();
  // Nobody leaves while no home is on duty.
  while (!carrying.signal.aborted || memory.handingOver) {
    const begun = await store.begunMove(claim.move);
    if (isFailure(begun)) return begun;
    const signal = memory.handingOver ? never : carrying.signal;
    const round = await goOn({ wired, claim, begun, tell, carrying: { ...carrying, signal }, memory });
    if (round !== 'on') return isFailure(round) ? round : await foundMove(wired, claim.move);
  }
  const left = await store.abandonMove(claim);
  if (left) return left;
  const move = await foundMove(wired, claim.move);
  if (isFailure(move)) return move;
  const hint = `rehome worker goes on; rehome move back ${move.app} -e ${move.environment} takes it back`;
  return {
    ...move,
    failure: fail('interrupted', 'Stopped on request; the move stays where it is.', { hint }),
  };
}

const never = new AbortController().signal;

/** One look and one action. */
async function goOn(round: Round): Promise<'on' | 'over' | Failure> {
  const { wired, begun } = round;
  const site = siteOf(wired, begun);
  if (isFailure(site)) return await stall(round, site);
  const watchful = steered(wired, begun, round.carrying.signal);
  const looked = await observe(site, begun, { signal: watchful.signal, checks: round.memory.checks });
  watchful.stop();
  // Whatever it saw, it is not what was wanted any more.
  if (watchful.signal.aborted) return 'on';
  if (isFailure(looked)) return await stall(round, looked);
  if (looked.orphan) return await adopt(round, looked.orphan);
  const found = next(intentOf(begun), looked.observation);
  const changes = changing.includes(found.action.kind);
  const { marks: known, verdict } = looked.observation;
  if (changes && begun.direction === 'forth' && known.stage && verdict)
    await round.tell.gate(known.stage.share, verdict);
  const marks = await round.tell.seen(begun, looked, changes);
  const lost = round.tell.lost();
  if (lost) return lost;
  const acting = { ...looked, observation: { ...looked.observation, marks } };
  return await act(round, site, acting, found);
}

/** After these the figures mean something else: what was counted up to now is told first, with the gate's word on it. */
const changing: readonly Action['kind'][] = ['share', 'turn', 'disarm', 'settle'];
function intentOf(begun: BegunMove): Intent {
  const { from, to, direction, paused, finish, approved, plan } = begun;
  return { from, to, direction, paused, finish, approved, plan };
}

/** Nothing can be looked at: the store is not there (then this process is of no use), or the edge is not. */
async function stall(
  { wired, claim, begun, tell, carrying }: Round,
  failure: Failure,
): Promise<'on' | Failure> {
  if (fatal.includes(failure.code)) return failure;
  const { phase, shares, marks } = begun;
  const recorded = await wired.store.recordMove(claim, { phase, why: failure.message, shares, marks });
  if (recorded) return recorded;
  await tell.move();
  await untilSteered(wired, begun, lookMs, carrying.signal);
  return 'on';
}

/** A deployment of this move whose process is gone is carried on first. */
async function adopt({ wired, tell, carrying }: Round, id: string): Promise<'on' | Failure> {
  const result = await resume(wired, id, (event) => tell.deployment(event), carrying.signal);
  if (isFailure(result) && fatal.includes(result.code)) return result;
  if (isFailure(result)) await wired.host.clock.sleep(lookMs, carrying.signal);
  return 'on';
}

export async function foundMove({ store }: Wired, id: string): Promise<Move | Failure> {
  const move = await store.move(id);
  return move ?? fail('no-such-move', `There is no move ${id}.`, { hint: 'rehome move status lists them' });
}
