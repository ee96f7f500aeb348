import type { HomeStats } from '../../edges/edge.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Residency } from '../../model/residence.ts';
import type { Verdict } from '../../moves/gate.ts';
import type { Marks, Observation } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import { type LookedHome, type LookOptions, lookAtHome } from './seen-home.ts';
import { type Front, frontOf, type Site } from './site.ts';
import { verdictOf } from './verdict.ts';

/** What `next` decides by, and what carrying out its action wants beside. */
export interface Looked {
  readonly observation: Observation;
  readonly from: LookedHome;
  readonly to: LookedHome;
  readonly front?: Front;
  /** Of the edge; empty without a front. */
  readonly stats: readonly HomeStats[];
  readonly homes: readonly Residency[];
  /** A deployment of this move that nobody carries on. */
  readonly orphan?: string;
}

/** Who takes traffic back does not wait long for a home that may be gone, ms. */
const hurriedMs = 1_500;

/**
 * Looks at everything anew. A failure is one of the store or of the edge; a home that is silent is no failure, and
 * when `signal` aborts, all are that have not answered yet.
 */
export async function observe(site: Site, begun: BegunMove, signal: AbortSignal): Promise<Looked | Failure> {
  const { wired, app, environment } = site;
  const now = wired.host.clock.now();
  const residence = await wired.store.residence(app, environment.name);
  if (isFailure(residence)) return residence;
  const work = await workOn(site, begun);
  if (isFailure(work)) return work;
  const [from, to] = await lookAtBoth(site, begun, { now, signal });
  const front = listens(from, to) ? await frontOf(site) : undefined;
  if (isFailure(front)) return front;
  const stats = front ? await front.edge.stats(app) : [];
  if (isFailure(stats)) return stats;
  const homes = residence?.homes ?? [];
  const seen = { stats, from, to, now, deploys: work.busy !== undefined };
  const judged = front
    ? await verdictOf(site, begun, { ...seen, shares: front.shares })
    : { marks: begun.marks as Marks, verdict: unmeasured };
  if (isFailure(judged)) return judged;
  const { verdict, marks } = judged;
  const due = [from, to].filter(({ seen }) => seen.armed).flatMap((home) => home.due);
  const tick = soonest(due);
  const observation: Observation = {
    now,
    from: from.seen,
    to: to.seen,
    shares: front?.shares ?? Object.fromEntries(homes.map(({ home, share }) => [home, share])),
    duty: homes.find(({ duty }) => duty)?.home ?? begun.from,
    marks,
    ...(work.busy ? { busy: work.busy } : {}),
    ...(verdict ? { verdict } : {}),
    ...(tick ? { tick } : {}),
  };
  const rest = { ...(front ? { front } : {}), ...(work.orphan ? { orphan: work.orphan } : {}) };
  return { observation, from, to, stats, homes, ...rest };
}

async function lookAtBoth(site: Site, { direction, shares, to }: BegunMove, options: LookOptions) {
  const hurried = direction === 'back' && (shares[to] ?? 0) > 0;
  const how = hurried ? { ...options, patienceMs: hurriedMs } : options;
  return await Promise.all([lookAtHome(site, site.from, how), lookAtHome(site, site.to, how)]);
}

/** A worker listens on nothing: it has a share of the work, and no traffic that an edge could split. */
function listens(...homes: readonly LookedHome[]): boolean {
  const known = homes.flatMap(({ model }) => model ?? []);
  return known.length === 0 || known.some(({ services }) => services.some(({ port }) => port !== undefined));
}

/** Deployments of the app: those that somebody carries on, and those of this move that nobody does. */
async function workOn({ wired, app, environment }: Site, { move }: BegunMove) {
  const locks = await wired.store.locks();
  if (isFailure(locks)) return locks;
  const lock = locks.find((one) => one.app === app && one.environment === environment.name);
  if (!lock || lock.deployment === move) return {};
  const begun = await wired.store.begun(lock.deployment);
  if (isFailure(begun)) return begun.code === 'no-such-deployment' ? { busy: lock.deployment } : begun;
  const orphan = lock.alive === false && begun.options['move'] === move;
  return orphan ? { orphan: lock.deployment, busy: lock.deployment } : { busy: lock.deployment };
}

/** Of an app without an address: that its instances are there is seen anyway. */
const unmeasured: Verdict = { verdict: 'pass', why: 'no traffic that an edge could measure' };

/** When the next cron is due, and how long after it the one that follows. */
function soonest(due: readonly (readonly number[])[]): Observation['tick'] {
  const times = due.flat().sort((a, b) => a - b);
  const [at, after] = times;
  if (at === undefined) return undefined;
  const everyMs = (after ?? at + longMs) - at;
  return { at, everyMs: everyMs > 0 ? everyMs : longMs };
}

/** Of a cron that is due once more only. */
const longMs = 60_000;
