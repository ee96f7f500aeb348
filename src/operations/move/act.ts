import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { MovePhase } from '../../model/move.ts';
import type { Residency } from '../../model/residence.ts';
import type { Action } from '../../moves/move.ts';
import type { Next } from '../../moves/next.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { Looked } from './observe.ts';
import { type Done, perform } from './perform.ts';
import { fatal, lookMs, patient, type Round, retryMs } from './round.ts';
import type { Site } from './site.ts';
import { steered, untilSteered } from './steering.ts';
import { wordOf } from './words.ts';

/** Notes of its own, and nothing that anybody else would see. */
const quiet: readonly Action['kind'][] = ['begin-stage', 'begin-soak'];

/** Carries out what is due, and writes down what it led to. */
export async function act(
  round: Round,
  site: Site,
  looked: Looked,
  found: Next,
): Promise<'on' | 'over' | Failure> {
  const { wired, claim, tell, begun, carrying } = round;
  const { action, phase } = found;
  const { marks, shares } = looked.observation;
  const freed = await freeLock(round, looked, found);
  if (freed) return freed;
  if (action.kind === 'wait') return await waitFor(round, looked, found.phase, action);
  if (isRepeated(round, action)) {
    const why = `${wordOf(action)}, and it is not so yet`;
    return await waitFor(round, looked, phase, { kind: 'wait', why }, retryMs);
  }
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
  if (action.kind === 'disarm' || action.kind === 'arm') round.memory.handingOver = action.kind === 'disarm';
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
  const longest = phase === 'soak' && atMostMs === lookMs ? soakLookMs(begun) : atMostMs;
  const forMs = Math.max(0, Math.min(longest, (until ?? now + longest) - wired.host.clock.now()));
  await untilSteered(wired, begun, forMs, carrying.signal);
  return 'on';
}

/** A soak of a day need not be looked at each second, and the homes have other things to do. */
function soakLookMs({ plan }: BegunMove): number {
  return Math.min(15_000, Math.max(lookMs, plan.soakMs / 60));
}

async function settle(
  { wired, claim, tell, begun }: Round,
  { observation, homes }: Looked,
  { status, why }: Extract<Action, { kind: 'settle' }>,
): Promise<'on' | 'over' | Failure> {
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
  // Sent back in this very moment.
  if (finished?.code === 'refused') return 'on';
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
  const passing = patient.includes(failure.code);
  if (begun.direction === 'forth' && !passing) return await turn(round, phase, failure.message, failure);
  await untilSteered(round.wired, begun, passing ? lookMs : retryMs, carrying.signal);
  return 'on';
}

/** From the moment the old home is disarmed until the new one is armed the app is this move's alone, and no longer. */
async function freeLock(
  round: Round,
  { locked }: Looked,
  { phase, action }: Next,
): Promise<Failure | undefined> {
  const handing = phase === 'duty' && ['disarm', 'arm', 'wait'].includes(action.kind);
  if (!locked || handing) return undefined;
  round.memory.handingOver = false;
  return await round.wired.store.unlockForMove(round.claim);
}

/** A deployment that was made and has changed nothing is not made again at once. */
function isRepeated({ memory }: Round, action: Action): boolean {
  const asked = action.kind === 'deploy' ? JSON.stringify(action) : '';
  const same = asked !== '' && memory.deployment === asked;
  memory.deployment = same ? '' : asked;
  return same;
}

function phased({ homes, observation }: Looked, phase: MovePhase): readonly Residency[] {
  return homes.map((one) => ({ ...one, share: observation.shares[one.home] ?? one.share, phase }));
}

function sharesIn(homes: readonly Residency[]): Record<string, number> {
  return Object.fromEntries(homes.map(({ home, share }) => [home, share]));
}
