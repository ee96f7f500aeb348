import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { MoveForecast, MoveRequest, Plan } from '../operations.ts';
import { plan as planDeployment } from '../plan.ts';
import type { Wired } from '../wired.ts';
import { type Prepared, prepareMove } from './begin.ts';
import { lookAtHome } from './seen-home.ts';
import { siteOf } from './site.ts';

/** What a move would do, in words, and what arriving would change in the new home. Writes nothing. */
export async function planMove(wired: Wired, request: MoveRequest): Promise<MoveForecast | Failure> {
  const prepared = await prepareMove(wired, request);
  if (isFailure(prepared)) return prepared;
  const { environment, from, to, plan } = prepared;
  const { app } = request;
  const site = siteOf(wired, { app, environment: environment.name, from, to });
  if (isFailure(site)) return site;
  const now = wired.host.clock.now();
  const [old, fresh] = [await lookAtHome(site, site.from, { now }), await lookAtHome(site, site.to, { now })];
  const version = old.seen.release?.version;
  if (version === undefined) {
    const why = old.seen.silent ?? 'rehome deployed nothing there';
    return fail('nothing-to-move', `${app} cannot be moved from ${environment.name}.${from}: ${why}.`);
  }
  const arrives = fresh.seen.release?.version !== version;
  const arrival = arrives
    ? await planDeployment(wired, [{ app, version }], `${environment.name}.${to}`)
    : undefined;
  if (isFailure(arrival)) return arrival;
  const nothing: Plan = { environment: environment.name, apps: [] };
  const words = { version, arrives, crons: old.model?.crons.length ?? 0 };
  return {
    app,
    environment: environment.name,
    from,
    to,
    version,
    plan,
    actions: actionsOf(prepared, words),
    arrival: arrival ?? nothing,
  };
}

interface Words {
  readonly version: string;
  readonly arrives: boolean;
  readonly crons: number;
}

function actionsOf(
  { from, to, plan, residence }: Prepared,
  { version, arrives, crons }: Words,
): MoveForecast['actions'] {
  const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;
  const now = residence.homes.find(({ home }) => home === to)?.share ?? 0;
  const stages = plan.stages.filter((stage) => stage > now);
  const yes = plan.manual ? ', after a yes' : '';
  return [
    {
      phase: 'arrive',
      action: arrives ? `deploy ${version} to ${to}, dark` : `${version} is in ${to} already`,
    },
    { phase: 'compare', action: `compare ${from} and ${to}` },
    { phase: 'rehearse', action: `ask every instance in ${to}` },
    ...stages.map((stage) => ({
      phase: 'share' as const,
      action: `${stage} % to ${to}${yes}, held ${seconds(plan.holdMs)}`,
    })),
    {
      phase: 'duty',
      action:
        crons > 0 ? `${crons} ${crons === 1 ? 'cron' : 'crons'} from ${from} to ${to}` : `${to} goes on duty`,
    },
    { phase: 'soak', action: `${from} is kept warm for ${seconds(plan.soakMs)}` },
  ];
}
