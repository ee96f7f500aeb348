import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Residency } from '../../model/residence.ts';
import { trafficBetween } from '../../moves/figures.ts';
import type { Action, Marks } from '../../moves/move.ts';
import type { Next } from '../../moves/next.ts';
import type { BegunMove, MoveClaim } from '../../store/moves.ts';
import { compareApp } from '../compare.ts';
import { deployTo } from './deploy-to.ts';
import { instancesIn } from './instances.ts';
import type { Looked } from './observe.ts';
import { rehearse } from './rehearse.ts';
import type { Site } from './site.ts';
import type { Teller } from './teller.ts';

/** Everything that carrying out one action wants. */
export interface Performing {
  readonly site: Site;
  readonly begun: BegunMove;
  readonly claim: MoveClaim;
  readonly next: Next;
  readonly looked: Looked;
  readonly tell: Teller;
  readonly signal: AbortSignal;
}

/** What came of an action. */
export interface Done {
  readonly message: string;
  readonly marks?: Marks;
  /** Shares and duty as they are from now on. */
  readonly residence?: readonly Residency[];
}

type Acting = Exclude<Action, { kind: 'wait' | 'turn' | 'settle' }>;

/** Carries one action out. Each can be repeated: what is so already is left so. */
export async function perform(performing: Performing, action: Acting): Promise<Done | Failure> {
  switch (action.kind) {
    case 'deploy':
      return await deployTo(performing, action);
    case 'compare':
      return await compare(performing, action.releases);
    case 'rehearse':
      return await rehearse(performing, action.release);
    case 'share':
      return await share(performing, action.shares);
    case 'begin-stage':
      return await beginStage(performing, action);
    case 'disarm':
      return await disarm(performing, action.home);
    case 'arm':
      return await arm(performing, action.home);
    case 'begin-soak': {
      const { marks, now } = performing.looked.observation;
      return { message: 'the old home is kept warm', marks: { ...marks, soakSince: now } };
    }
  }
}

async function compare({ site, looked }: Performing, releases: string): Promise<Done | Failure> {
  const { wired, environment, from, to, app } = site;
  const found = await compareApp(wired, environment, from, to, app);
  if (isFailure(found)) return found;
  const blocking = found.differences.filter(({ verdict }) => verdict === 'blocking');
  if (blocking.length > 0) {
    const paths = blocking.map(({ path, why }) => `${path} (${why})`).join('; ');
    return fail('homes-differ', `${app} is not the same in ${to.name} as in ${from.name}: ${paths}.`, {
      hint: `rehome compare ${environment.name}.${from.name} ${environment.name}.${to.name} ${app} shows all of it`,
    });
  }
  const { marks } = looked.observation;
  const count = found.differences.length;
  const others =
    count === 1 ? '1 difference that does not matter' : `${count} differences that do not matter`;
  const message = count === 0 ? 'equal' : `${found.verdict}: ${others}`;
  return { message, marks: { ...marks, compared: releases } };
}

/** The edge first, and looked at again; then what is remembered. */
async function share(
  { site, looked }: Performing,
  shares: Readonly<Record<string, number>>,
): Promise<Done | Failure> {
  const { front, homes } = looked;
  if (front) {
    const failure =
      (await front.edge.setShare(site.app, shares)) ?? (await front.edge.verifyShare(site.app, shares));
    if (failure) return failure;
  }
  const residence = homes.map((one) => ({ ...one, share: shares[one.home] ?? 0 }));
  return { message: inWords(shares), residence };
}

function inWords(shares: Readonly<Record<string, number>>): string {
  const parts = Object.entries(shares).map(([home, share]) => `${home} ${Math.round(share * 100) / 100} %`);
  return parts.join(', ');
}

async function beginStage(
  { site, looked, begun, signal }: Performing,
  { share, releases }: { readonly share: number; readonly releases: string },
): Promise<Done> {
  const { stats, to, observation } = looked;
  const { marks } = observation;
  // Not when the look began, which may have taken long.
  const now = site.wired.host.clock.now();
  const instances = await instancesIn(site, to, signal);
  // What the old home did last while it had traffic is what the new one is held against when it has none.
  const since = marks.stage?.before ?? marks.before ?? [];
  const old = trafficBetween(since, stats, begun.from);
  const baseline = old && old.requests >= begun.plan.gate.minRequests ? { baseline: old } : {};
  const deployment = observation.to.release?.deployment ?? '';
  const stage = {
    share,
    since: now,
    releases,
    before: stats,
    deployment,
    ...(instances ? { instances } : {}),
  };
  return {
    message: `${Math.round(share * 100) / 100} % from now on`,
    marks: { ...marks, ...baseline, stage },
  };
}

/** So near to a tick nobody is disarmed any more, ms. */
const lateMs = 1_500;

/** From here until the new home is armed no deployment works on the app: it would arm the old one again. */
async function disarm({ site, claim, looked }: Performing, name: string): Promise<Done | Failure> {
  const { wired, app } = site;
  const locked = await wired.store.lockForMove(claim);
  if (locked) return locked;
  const home = homeNamed(looked, name);
  if (isFailure(home)) return home;
  // Looking took its time: what was far away then may be near now.
  const { tick } = looked.observation;
  if (tick && tick.at - wired.host.clock.now() < Math.min(lateMs, tick.everyMs / 4)) {
    return { message: 'a cron is due in this moment; not yet' };
  }
  const failure = await home.setDuty(app, 'disarmed');
  if (failure) return failure;
  const { marks, now } = looked.observation;
  return { message: `${name} runs no cron any more`, marks: { ...marks, disarmed: now } };
}

/** What is remembered first: whoever deploys from now on arms the new home. */
async function arm({ site, claim, looked, begun, tell }: Performing, name: string): Promise<Done | Failure> {
  const { wired, app } = site;
  const locked = await wired.store.lockForMove(claim);
  if (locked) return locked;
  const residence = looked.homes.map((one) => ({ ...one, duty: one.home === name }));
  const { marks, shares } = looked.observation;
  const state = { phase: 'duty', why: `${name} goes on duty`, shares, marks: { ...marks } } as const;
  const saved = await wired.store.recordMove(claim, state, residence);
  if (saved) return saved;
  const { armed } = [looked.from, looked.to].find(({ seen }) => seen.home === name)?.seen ?? {};
  const home = armed === undefined ? undefined : homeNamed(looked, name);
  if (isFailure(home)) return home;
  const failure = (await home?.setDuty(app, 'armed')) ?? (await wired.store.unlockForMove(claim));
  if (failure) return failure;
  await tell.audit(begun, looked);
  return { message: `${name} is on duty`, residence };
}

function homeNamed({ from, to }: Looked, name: string) {
  const { connected, seen } = from.seen.home === name ? from : to;
  return (
    connected?.home ?? fail('unreachable', `${name} does not answer: ${seen.silent ?? 'no reason given'}.`)
  );
}
