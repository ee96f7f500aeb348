import type { HomeStats } from '../../edges/edge.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Residency } from '../../model/residence.ts';
import type { Verdict } from '../../moves/gate.ts';
import type { Marks, Observation } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { Lock } from '../../store/store.ts';
import type { Checking } from './checks.ts';
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
  /** The move has the app's lock. */
  readonly locked: boolean;
}

/** Who takes traffic back does not wait long for a home that may be gone, ms. */
const hurriedMs = 1_500;

/**
 * Looks at everything anew. A failure is one of the store or of the edge; a home that is silent is no failure, and
 * when `signal` aborts, all are that have not answered yet.
 */
export async function observe(site: Site, begun: BegunMove, checking: Checking): Promise<Looked | Failure> {
  const { signal } = checking;
  const { wired, app, environment } = site;
  const now = wired.host.clock.now();
  const residence = await wired.store.residence(app, environment.name);
  if (isFailure(residence)) return residence;
  const work = await workOn(site, begun);
  if (isFailure(work)) return work;
  const [from, to] = await lookAtBoth(site, begun, { now, signal });
  const measured = await measure(site, from, to);
  if (isFailure(measured)) return measured;
  const { front, stats } = measured;
  const homes = residence?.homes ?? [];
  const seen = { stats, from, to, now, deploys: work.busy !== undefined };
  const judged = front
    ? await verdictOf(site, begun, { ...seen, ...checking, shares: front.shares })
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
  return { observation, from, to, stats, homes, locked: work.locked === true, ...rest };
}

/** The edge, where it has this app's traffic, and what it has counted up to now. */
async function measure(site: Site, from: LookedHome, to: LookedHome): Promise<Measured | Failure> {
  const front = listens(from, to) ? await frontOf(site) : undefined;
  if (isFailure(front)) return front;
  if (!front) return surelyListens(from, to) ? unfronted(site) : { stats: [] };
  const stats = await front.edge.stats(site.app);
  return isFailure(stats) ? stats : { front, stats };
}

type Measured = Pick<Looked, 'front' | 'stats'>;

async function lookAtBoth(site: Site, { direction, shares, to }: BegunMove, options: LookOptions) {
  // What consumes a queue must not get traffic where it has a twin only: then it is worth to wait for a home.
  const hurried = direction === 'back' && (shares[to] ?? 0) > 0 && !(await consumes(site));
  const how = hurried ? { ...options, patienceMs: hurriedMs } : options;
  return await Promise.all([lookAtHome(site, site.from, how), lookAtHome(site, site.to, how)]);
}

/** A worker listens on nothing: it has a share of the work, and no traffic that an edge could split. */
function listens(...homes: readonly LookedHome[]): boolean {
  const known = homes.flatMap(({ model }) => model ?? []);
  return known.length === 0 || known.some(({ services }) => services.some(({ port }) => port !== undefined));
}

function surelyListens(...homes: readonly LookedHome[]): boolean {
  const known = homes.flatMap(({ model }) => model ?? []);
  return known.some(({ services }) => services.some(({ port }) => port !== undefined));
}

function unfronted({ app, environment }: Site): Failure {
  const message = `Nothing splits the traffic of ${app} in ${environment.name}: it has no front at an edge.`;
  return fail('edge-not-running', message, {
    hint: 'edge: {type: embedded} in rehome.yaml, and a deployment',
  });
}

/** Whether what was deployed last takes work that comes not over HTTP; asked of the store, as a home may be away. */
async function consumes({ wired, app, environment }: Site): Promise<boolean> {
  const done = await wired.store.deployments({
    app,
    environment: environment.name,
    status: 'done',
    limit: 1,
  });
  const begun = isFailure(done) || !done[0] ? undefined : await wired.store.begun(done[0].deployment);
  if (!begun || isFailure(begun)) return true;
  return Object.values(begun.models).some(({ work }) => work !== undefined);
}

/** Deployments of the app: those that somebody carries on, and those of this move that nobody does. */
async function workOn({ wired, app, environment }: Site, { move }: BegunMove) {
  const locks = await wired.store.locks();
  if (isFailure(locks)) return locks;
  const lock = locks.find((one) => one.app === app && one.environment === environment.name);
  if (!lock) return {};
  if (lock.deployment === move) return { locked: true };
  const begun = await wired.store.begun(lock.deployment);
  if (isFailure(begun)) return begun.code === 'no-such-deployment' ? { busy: busyWith(lock) } : begun;
  const orphan = lock.alive === false && begun.options['move'] === move;
  return orphan ? { orphan: lock.deployment, busy: busyWith(lock) } : { busy: busyWith(lock) };
}

function busyWith({ deployment, alive }: Lock): string {
  if (alive !== false) return `deployment ${deployment} is under way`;
  return `deployment ${deployment} has the lock and nobody carries it on; rehome show ${deployment} tells what to do`;
}

/** Of an app without an address: that its instances are there is seen anyway. */
const unmeasured: Verdict = { verdict: 'pass', why: 'no traffic that an edge could measure' };

/** When the next cron is due, and how long the shortest time between two runs of one is. */
function soonest(due: readonly (readonly number[])[]): Observation['tick'] {
  const at = Math.min(...due.flatMap(([first]) => first ?? []));
  if (!Number.isFinite(at)) return undefined;
  const gaps = due.flatMap(([first, second]) => (first && second ? [second - first] : []));
  return { at, everyMs: Math.min(longMs, ...gaps) };
}

/** Of a cron that is due once more only. */
const longMs = 60_000;
