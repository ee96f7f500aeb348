import type { HomeStats, Shares } from '../edges/edge.ts';
import type { MovePlan } from '../model/move.ts';
import type { Action, Intent, Marks, Observation, SeenHome } from './move.ts';

/** Two homes and an edge as plain data: what `next` is told, and what its actions do to it. */
export interface World {
  now: number;
  intent: Intent;
  shares: Shares;
  duty: string;
  marks: Marks;
  readonly homes: Record<'old' | 'new', HomeNow>;
  busy?: string;
  verdict?: Observation['verdict'];
  /** Models depend on share and duty: an app that consumes a queue. */
  readonly depends: boolean;
  /** With a cron, due every so many ms. */
  readonly cronMs?: number;
  ended?: 'done' | 'back';
  /** Every time a cron fired, and where: armed homes run it. */
  readonly ticks: { readonly at: number; readonly home: string }[];
}

export interface HomeNow {
  version?: string;
  share: number;
  duty: boolean;
  healthy: number;
  armed: boolean;
  silent?: string;
  /** ms since 1970 when the run that goes on there ends. */
  runsUntil?: number;
}

export const plan: MovePlan = {
  stages: [1, 10, 50, 100],
  holdMs: 60_000,
  soakMs: 600_000,
  manual: false,
  gate: {
    minRequests: 20,
    inconclusive: 'proceed',
    errorPercent: 1,
    percentile: 99,
    latencyFactor: 1.5,
    latencySlackMs: 20,
    restarts: 0,
    commands: [],
    queries: [],
  },
};

export function openWorld(given: Partial<World> = {}): World {
  const settled = { version: '1', share: 100, duty: true, healthy: 2, armed: given.cronMs !== undefined };
  return {
    now: 1_000_000,
    intent: { from: 'old', to: 'new', direction: 'forth', paused: false, finish: false, approved: 0, plan },
    shares: { old: 100, new: 0 },
    duty: 'old',
    marks: {},
    homes: { old: settled, new: { share: 0, duty: false, healthy: 0, armed: false } },
    depends: false,
    ticks: [],
    verdict: { verdict: 'pass', why: 'all is well' },
    ...given,
  };
}

export function look(world: World): Observation {
  const { now, shares, duty, marks, cronMs, busy, verdict } = world;
  const at = cronMs && Math.ceil((now + 1) / cronMs) * cronMs;
  return {
    now,
    shares,
    duty,
    marks,
    from: seen(world, 'old'),
    to: seen(world, 'new'),
    ...(busy ? { busy } : {}),
    ...(verdict && marks.stage ? { verdict } : {}),
    ...(cronMs && at ? { tick: { at, everyMs: cronMs } } : {}),
  };
}

function seen(world: World, name: 'old' | 'new'): SeenHome {
  const { version, share, duty, healthy, armed, silent, runsUntil = 0 } = world.homes[name];
  return {
    home: name,
    ...(silent ? { silent } : {}),
    ...(version && !silent ? { release: { version, deployment: version } } : {}),
    wanted: version ? 2 : 0,
    healthy,
    ...(world.cronMs && version && !silent ? { armed } : {}),
    running: runsUntil > world.now ? 1 : 0,
    identity: silent ? '' : `${version}`,
    fits: (at, on) => !world.depends || (at === share && on === duty),
  };
}

const noStats: readonly HomeStats[] = [];

/** What an action does, when it is carried out to its end. */
export function perform(world: World, action: Action): void {
  const { homes, now } = world;
  switch (action.kind) {
    case 'deploy': {
      const home = homes[action.home as 'old' | 'new'];
      Object.assign(home, { version: action.version, share: action.share, duty: action.duty, healthy: 2 });
      return;
    }
    case 'compare':
      world.marks = { ...world.marks, compared: action.releases };
      return;
    case 'rehearse':
      world.marks = { ...world.marks, rehearsed: action.release };
      return;
    case 'share':
      world.shares = action.shares;
      return;
    case 'begin-stage': {
      const stage = {
        share: action.share,
        releases: action.releases,
        since: now,
        before: noStats,
        instances: [],
        deployment: '',
      };
      world.marks = { ...world.marks, stage };
      return;
    }
    case 'disarm':
      homes[action.home as 'old' | 'new'].armed = false;
      world.marks = { ...world.marks, disarmed: now };
      return;
    case 'arm':
      world.duty = action.home;
      homes[action.home as 'old' | 'new'].armed = world.cronMs !== undefined;
      return;
    case 'begin-soak':
      world.marks = { ...world.marks, soakSince: now };
      return;
    case 'turn':
      world.intent = { ...world.intent, direction: 'back' };
      return;
    case 'settle':
      world.ended = action.status;
      return;
    case 'wait':
      return;
  }
}

/** Lets time go by; armed crons fire when they are due, and run for a while. */
export function pass(world: World, ms: number, runMs = 400): void {
  const { cronMs, homes } = world;
  const end = world.now + ms;
  for (
    let at = cronMs ? Math.ceil((world.now + 1) / cronMs) * cronMs : end + 1;
    cronMs && at <= end;
    at += cronMs
  ) {
    for (const [home, one] of Object.entries(homes).filter(([, { armed }]) => armed)) {
      world.ticks.push({ at, home });
      one.runsUntil = at + runMs;
    }
  }
  world.now = end;
}
