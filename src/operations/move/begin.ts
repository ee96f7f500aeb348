import { randomBytes } from 'node:crypto';
import { findWhere } from '../../manifest/where.ts';
import type { Environment } from '../../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Move, MovePlan } from '../../model/move.ts';
import type { Residence } from '../../model/residence.ts';
import type { MoveClaim } from '../../store/moves.ts';
import type { MoveRequest, WatchMove } from '../operations.ts';
import { register } from '../residence.ts';
import type { Wired } from '../wired.ts';
import { carryOn, foundMove } from './carry.ts';

/** What a move begins with. */
export interface Prepared {
  readonly environment: Environment;
  readonly residence: Residence;
  readonly from: string;
  readonly to: string;
  readonly plan: MovePlan;
}

/** A soak that lasts longer than this is left to a worker, ms. */
const patienceMs = 60_000;

/** Begins a move and carries it on, or leaves it to a worker. */
export async function move(
  wired: Wired,
  request: MoveRequest,
  watch: WatchMove,
  signal: AbortSignal,
): Promise<Move | Failure> {
  const prepared = await prepareMove(wired, request);
  if (isFailure(prepared)) return prepared;
  const { environment, from, to, plan, residence } = prepared;
  const known = await wired.store.residence(request.app, environment.name);
  if (isFailure(known)) return known;
  const saved = known ? undefined : await wired.store.saveResidence(residence);
  if (saved) return saved;
  const claim = await wired.store.beginMove({
    id: `m${randomBytes(4).toString('hex')}`,
    app: request.app,
    environment: environment.name,
    from,
    to,
    plan,
    shares: Object.fromEntries(residence.homes.map(({ home, share }) => [home, share])),
    holder: wired.holder,
    ...(request.detach ? {} : { owner: wired.owner }),
  });
  if (isFailure(claim)) return claim;
  if (!request.detach) return await carryToSoak(wired, claim, watch, signal);
  return (await wired.handOver(claim.move)) ?? (await foundMove(wired, claim.move));
}

/** Carries a move on; a long soak is watched by a worker of its own. */
export async function carryToSoak(
  wired: Wired,
  claim: MoveClaim,
  watch: WatchMove,
  signal: AbortSignal,
): Promise<Move | Failure> {
  const result = await carryOn(wired, claim, { watch, signal, patienceMs });
  if (isFailure(result) || result.status !== 'running' || result.failure?.code === 'interrupted')
    return result;
  return (await wired.handOver(result.move)) ?? result;
}

/** `nothing-to-move`, `unknown-home`, `usage`. */
export async function prepareMove(wired: Wired, request: MoveRequest): Promise<Prepared | Failure> {
  const { app, to } = request;
  const where = findWhere(wired.workspace, request.where);
  if (isFailure(where)) return where;
  const { environment, home } = where;
  if (home) {
    const hint = `rehome move ${app} -e ${environment.name} --to ${to}`;
    return fail('usage', `A move goes on in a whole environment, and not in ${request.where}.`, { hint });
  }
  const homes = environment.homes.map(({ name }) => name);
  if (!homes.includes(to)) {
    return fail('unknown-home', `${environment.name} has no home ${to}.`, {
      found: to,
      expected: homes.join(', '),
    });
  }
  const registration = await register(wired, app, where);
  if (isFailure(registration)) return registration;
  const { residence } = registration;
  const from = await sourceOf(wired, residence, to);
  if (isFailure(from)) return from;
  const plan = planOf(wired.workspace.moves.plan, request);
  return isFailure(plan) ? plan : { environment, residence, from, to, plan };
}

/** The home that has the most of what is to be moved. */
async function sourceOf(
  { store }: Wired,
  { app, environment, homes }: Residence,
  to: string,
): Promise<string | Failure> {
  const known = await store.residence(app, environment);
  if (isFailure(known)) return known;
  const others = homes.filter(({ home }) => home !== to);
  const [most] = [...others].sort((a, b) => b.share - a.share || Number(b.duty) - Number(a.duty));
  const hint = `rehome status ${app} -e ${environment}`;
  if (most && (most.share > 0 || most.duty)) return most.home;
  if (homes.some(({ home, share, duty }) => home === to && share === 100 && duty) && known) {
    return fail('nothing-to-move', `${app} is all in ${environment}.${to} already.`, { hint });
  }
  return fail('nothing-to-move', `${app} runs nowhere in ${environment}.`, {
    hint: `rehome deploy ${app}:VERSION -e ${environment}`,
  });
}

function planOf(plan: MovePlan, { stages, holdMs, soakMs, manual }: MoveRequest): MovePlan | Failure {
  const grows = stages?.every((stage, at) => stage > (stages[at - 1] ?? 0) && stage <= 100) ?? true;
  if (!grows || stages?.length === 0) {
    return fail('usage', 'Stages are percents that grow, 100 at most.', {
      found: stages?.join(',') ?? '',
      expected: '--stages 1,10,50,100',
    });
  }
  return {
    ...plan,
    ...(stages ? { stages: stages.at(-1) === 100 ? stages : [...stages, 100] } : {}),
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(soakMs === undefined ? {} : { soakMs }),
    ...(manual === undefined ? {} : { manual }),
  };
}
