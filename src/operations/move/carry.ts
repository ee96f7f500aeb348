import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move, MovePhase } from '../../model/move.ts';
import type { Residency } from '../../model/residence.ts';
import type { Action, Intent } from '../../moves/move.ts';
import { type Next, next } from '../../moves/next.ts';
import type { BegunMove, MoveClaim } from '../../store/moves.ts';
import type { WatchMove } from '../operations.ts';
import { resume } from '../resume.ts';
import type { Wired } from '../wired.ts';
import { type Looked, observe } from './observe.ts';
import { type Done, perform } from './perform.ts';
import { type Site, siteOf } from './site.ts';
import { steered, untilSteered } from './steering.ts';
import { type Teller, tellerFor } from './teller.ts';
import { wordOf } from './words.ts';

export interface Carrying {
  readonly watch: WatchMove;
  readonly signal: AbortSignal;
  /** A soak that lasts longer than this is left to a worker, ms; without it, carried on to the end. */
  readonly patienceMs?: number;
}

/** How often everything is looked at while nothing is to be done, ms. */
const lookMs = 1_000;
/** How long after something went wrong it is tried again, ms. */
const retryMs = 5_000;

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
  const repeated = { deployment: '' };
  while (!carrying.signal.aborted) {
    const begun = await store.begunMove(claim.move);
    if (isFailure(begun)) return begun;
    const round = await goOn({ wired, claim, begun, tell, carrying, repeated });
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

interface Round {
  readonly wired: Wired;
  readonly claim: MoveClaim;
  readonly begun: BegunMove;
  readonly tell: Teller;
  readonly carrying: Carrying;
  /** The deployment that was done last: one that changes nothing must not be made again and again. */
  readonly repeated: { deployment: string };
}

/** One look and one action. */
async function goOn(round: Round): Promise<'on' | 'over' | Failure> {
  const { wired, begun } = round;
  const site = siteOf(wired, begun);
  if (isFailure(site)) return await stall(round, site);
  const watchful = steered(wired, begun, round.carrying.signal);
  const looked = await observe(site, begun, watchful.signal);
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
  const acting = { ...looked, observation: { ...looked.observation, marks } };
  return await act(round, site, acting, found);
}

/** After these the figures mean something else: what was counted up to now is told first, with the gate's word on it. */
const changing: readonly Action['kind'][] = ['share', 'turn', 'disarm', 'settle'];
/** Notes of its own, and nothing that anybody else would see. */
const quiet: readonly Action['kind'][] = ['begin-stage', 'begin-soak'];

function intentOf(begun: BegunMove): Intent {
  const { from, to, direction, paused, finish, approved, plan } = begun;
  return { from, to, direction, paused, finish, approved, plan };
}

async function act(round: Round, site: Site, looked: Looked, found: Next): Promise<'on' | 'over' | Failure> {
  const { wired, claim, tell, begun, carrying } = round;
  const { action, phase } = found;
  const { marks, shares } = looked.observation;
  if (action.kind === 'wait') return await waitFor(round, looked, found.phase, action);
  const same = action.kind === 'deploy' && round.repeated.deployment === JSON.stringify(action);
  round.repeated.deployment = action.kind === 'deploy' && !same ? JSON.stringify(action) : '';
  if (same)
    return await waitFor(
      round,
      looked,
      phase,
      { kind: 'wait', why: `${action.why}, and is not yet` },
      retryMs,
    );
  if (action.kind === 'settle') return await settle(round, looked, action);
  if (action.kind === 'turn') {
    // What was told up to here is not told again.
    const told = await wired.store.recordMove(claim, { phase, why: action.why, shares, marks: { ...marks } });
    return told ?? (await turn(round, phase, action.why));
  }
  const state = { phase, why: wordOf(action), shares, marks: { ...marks } };
  const recorded = await wired.store.recordMove(claim, state, phased(looked, phase));
  if (recorded) return recorded;
  const loud = !quiet.includes(action.kind);
  if (loud) await tell.move();
  if (loud) await tell.action(phase, wordOf(action), { outcome: 'begun' });
  const since = wired.host.clock.now();
  const watchful = steered(wired, begun, carrying.signal);
  const result = await perform(
    { site, begun, claim, next: found, looked, tell, signal: watchful.signal },
    action,
  );
  watchful.stop();
  const tookMs = wired.host.clock.now() - since;
  if (isFailure(result)) return await failed(round, { phase, action, failure: result, tookMs });
  if (loud) await tell.action(phase, wordOf(action), { outcome: 'done', message: result.message, tookMs });
  return await keep(round, looked, phase, result);
}

/** What an action has led to, written down before anything else is looked at. */
async function keep({ wired, claim, tell }: Round, looked: Looked, phase: MovePhase, done: Done) {
  const { marks, shares } = looked.observation;
  const now = done.residence ? sharesIn(done.residence) : shares;
  const state = { phase, why: done.message, shares: now, marks: { ...(done.marks ?? marks) } };
  const recorded = await wired.store.recordMove(
    claim,
    state,
    done.residence?.map((one) => ({ ...one, phase })),
  );
  if (recorded) return recorded;
  await tell.move();
  return 'on';
}

async function waitFor(
  round: Round,
  looked: Looked,
  phase: MovePhase,
  { why, until }: Extract<Action, { kind: 'wait' }>,
  atMostMs = lookMs,
): Promise<'on' | 'over' | Failure> {
  const { wired, claim, tell, begun, carrying } = round;
  const { marks, shares, now } = looked.observation;
  const nextAt = until === undefined ? {} : { nextAt: new Date(until).toISOString() };
  const residence = phased(looked, phase);
  const recorded = await wired.store.recordMove(
    claim,
    { phase, why, shares, ...nextAt, marks: { ...marks } },
    residence,
  );
  if (recorded) return recorded;
  await tell.move();
  if (
    phase === 'soak' &&
    until !== undefined &&
    until - now > (carrying.patienceMs ?? Number.POSITIVE_INFINITY)
  ) {
    return (await wired.store.abandonMove(claim)) ?? 'over';
  }
  const forMs = Math.max(0, Math.min(atMostMs, (until ?? now + atMostMs) - wired.host.clock.now()));
  await untilSteered(wired, begun, forMs, carrying.signal);
  return 'on';
}

async function settle(
  { wired, claim, tell, begun }: Round,
  { observation, homes }: Looked,
  { status, why }: Extract<Action, { kind: 'settle' }>,
): Promise<'over' | Failure> {
  const told = status === 'back' ? (begun.failure?.message ?? 'sent back by an operator') : why;
  const residence = homes.map((one) => ({
    ...one,
    share: observation.shares[one.home] ?? 0,
    phase: 'settled',
  }));
  const end = { status, why: told, shares: observation.shares };
  const recorded = await wired.store.recordMove(
    claim,
    { phase: begun.phase, why: told, shares: observation.shares, marks: { ...observation.marks } },
    residence,
  );
  const finished = recorded ?? (await wired.store.finishMove(claim, end, residence));
  if (finished) return finished;
  await tell.move();
  return 'over';
}

async function turn({ wired, claim, tell }: Round, phase: MovePhase, why: string, failure?: Failure) {
  const turned = await wired.store.turnMove(claim, why, failure ?? fail('gate-failed', `${why}.`));
  if (turned) return turned;
  await tell.action(phase, 'go back', { outcome: 'done', message: why });
  await tell.move();
  return 'on' as const;
}

interface Failed {
  readonly phase: MovePhase;
  readonly action: Action;
  readonly failure: Failure;
  readonly tookMs: number;
}

/** What others hold at the moment is waited for; what goes wrong on the way there sends it back. */
async function failed(
  round: Round,
  { phase, action, failure, tookMs }: Failed,
): Promise<'on' | 'over' | Failure> {
  const { tell, begun, carrying } = round;
  if (fatal.includes(failure.code)) return failure;
  if (failure.code === 'interrupted' || (carrying.signal.aborted && action.kind === 'deploy')) return 'on';
  await tell.action(phase, wordOf(action), { outcome: 'failed', message: failure.message, tookMs });
  const passing = patient.includes(failure.code) || action.kind === 'disarm' || action.kind === 'arm';
  if (begun.direction === 'forth' && !passing) return await turn(round, phase, failure.message, failure);
  await untilSteered(round.wired, begun, passing ? lookMs : retryMs, carrying.signal);
  return 'on';
}

/** Nothing can be written down any more, or somebody else goes on. */
const fatal: readonly Failure['code'][] = ['store-unusable', 'lock-lost', 'no-such-move'];
/** These pass by themselves. */
const patient: readonly Failure['code'][] = [
  'lock-held',
  'held-by-move',
  'unreachable',
  'server-error',
  'edge-not-running',
  'lab-not-running',
  'refused',
  'share-differs',
];

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

function phased({ homes, observation }: Looked, phase: MovePhase): readonly Residency[] {
  return homes.map((one) => ({ ...one, share: observation.shares[one.home] ?? one.share, phase }));
}

function sharesIn(homes: readonly Residency[]): Record<string, number> {
  return Object.fromEntries(homes.map(({ home, share }) => [home, share]));
}

export async function foundMove({ store }: Wired, id: string): Promise<Move | Failure> {
  const move = await store.move(id);
  return move ?? fail('no-such-move', `There is no move ${id}.`, { hint: 'rehome move status lists them' });
}
