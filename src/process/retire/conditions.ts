import type { Edge } from '../../edges/edge.ts';
import type { Clock } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Residence, Residency } from '../../model/residence.ts';
import type { Condition } from '../../model/retirement.ts';
import type { Home } from '../../platforms/platform.ts';
import type { Store } from '../../store/store.ts';
import { noRequests } from './no-requests.ts';

/** An app that is to leave a home. */
export interface Leaving {
  readonly app: string;
  readonly environment: string;
  readonly home: string;
  readonly live: Home;
  /** Undefined where the environment has none. */
  readonly edge: Edge | undefined;
  readonly store: Store;
  readonly clock: Clock;
  /** How long no request may have reached the home, ms. */
  readonly proofMs: number;
  /** Keeps the edge's figures in the store, so that a later call need not wait. */
  readonly notes: boolean;
  readonly signal?: AbortSignal;
}

/** Looks whether nothing of the app is needed in a home any more. `unknown-home` where the app does not live there. */
export async function conditionsOf(leaving: Leaving): Promise<readonly Condition[] | Failure> {
  const { store, app, environment, home } = leaving;
  const residence = await store.residence(app, environment);
  if (isFailure(residence)) return residence;
  const own = residence?.homes.find((one) => one.home === home);
  if (!residence || !own) return notThere(leaving, residence);
  return [
    await noShare(leaving, residence, own),
    offDuty(leaving, residence, own),
    await noMove(leaving),
    await disarmed(leaving),
    await noRun(leaving),
    await noRequests(leaving),
  ];
}

function notThere({ app, environment, home }: Leaving, residence: Residence | undefined): Failure {
  const homes = residence?.homes.map((one) => `${environment}.${one.home}`).join(', ');
  return fail('unknown-home', `${app} does not live in ${environment}.${home}.`, {
    found: homes || `${app} is not registered in ${environment}`,
    hint: `rehome status ${app} -e ${environment}`,
  });
}

async function noShare(
  { edge, app, environment, home, signal }: Leaving,
  { homes }: Residence,
  own: Residency,
): Promise<Condition> {
  const hint = moveAway(app, environment, home, homes);
  const unmet = (found: string): Condition => ({ name: 'share', met: false, found, hint });
  if (own.share > 0) return unmet(`it has ${own.share} % of the traffic`);
  const inForce = await edge?.getShare(app, signal);
  if (isFailure(inForce)) return unmet(`what the edge sends there cannot be told: ${inForce.message}`);
  if (!edge || !inForce)
    return { name: 'share', met: true, found: 'it has no share, and no address to share' };
  if ((inForce[home] ?? 0) > 0) return unmet(`the edge sends it ${inForce[home]} % of the traffic`);
  const differs = await edge.verifyShare(app, inForce, signal);
  if (differs) return unmet(`${differs.message} ${differs.found ?? ''}`.trim());
  return { name: 'share', met: true, found: 'it has no share, as the store and the edge say' };
}

function offDuty({ app, environment, home }: Leaving, { homes }: Residence, own: Residency): Condition {
  const other = homes.find((one) => one.duty && one.home !== home);
  if (!own.duty && other) return { name: 'duty', met: true, found: `${other.home} is on duty` };
  const found = own.duty ? 'it is on duty' : 'no other home is on duty';
  return { name: 'duty', met: false, found, hint: moveAway(app, environment, home, homes) };
}

function moveAway(app: string, environment: string, home: string, homes: readonly Residency[]): string {
  const other = homes.find((one) => one.home !== home)?.home ?? 'HOME';
  return `rehome move ${app} -e ${environment} --to ${other}`;
}

async function noMove({ store, app, environment }: Leaving): Promise<Condition> {
  const moves = await store.moves({ app, environment, status: 'running' });
  if (isFailure(moves)) return { name: 'move', met: false, found: moves.message };
  const [move] = moves;
  if (!move) return { name: 'move', met: true, found: 'no move is running' };
  const found = `move ${move.move} to ${move.to} is in its phase ${move.phase}`;
  return { name: 'move', met: false, found, hint: `rehome move finish ${app} -e ${environment}` };
}

async function disarmed({ live, app, home, signal }: Leaving): Promise<Condition> {
  const residents = await live.inventory(signal);
  if (isFailure(residents)) return { name: 'armed', met: false, found: residents.message };
  const armed = residents.find((one) => one.app === app)?.armed;
  if (!armed) return { name: 'armed', met: true, found: 'no cron is armed' };
  const hint = `disarm them where they live: ${home}; a deployment of ${app} does so too`;
  return { name: 'armed', met: false, found: 'crons are armed there', hint };
}

async function noRun({ live, app, signal }: Leaving): Promise<Condition> {
  const runs = await live.runsSince(app, 0, signal);
  if (isFailure(runs)) {
    const hint = runs.hint ? { hint: runs.hint } : {};
    return {
      name: 'runs',
      met: false,
      found: `whether a cron runs cannot be told: ${runs.message}`,
      ...hint,
    };
  }
  const running = [...new Set(runs.filter(({ endedAt }) => endedAt === undefined).map(({ cron }) => cron))];
  if (running.length === 0) return { name: 'runs', met: true, found: 'no cron runs' };
  return { name: 'runs', met: false, found: `${running.join(', ')} still runs`, hint: 'wait for its end' };
}
