import type { HomeStats } from '../../edges/edge.ts';
import { percentile } from '../../edges/latency.ts';
import type { DeploymentEvent } from '../../model/deployment.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { HomeFigures, Move, MoveEvent, MovePhase } from '../../model/move.ts';
import { trafficBetween } from '../../moves/figures.ts';
import type { Marks } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { WatchMove } from '../operations.ts';
import type { Wired } from '../wired.ts';
import { auditOf } from './audit.ts';
import type { Looked } from './observe.ts';
import type { LookedHome } from './seen-home.ts';

/** Tells whoever watches, and writes it down for the report. */
export interface Teller {
  /** The whole move, when anything in it changed. */
  move(): Promise<void>;
  action(phase: MovePhase, action: string, outcome: Outcome): Promise<void>;
  gate(
    stage: number,
    verdict: { readonly verdict: 'pass' | 'fail' | 'inconclusive'; readonly why: string },
  ): Promise<void>;
  deployment(event: DeploymentEvent): void;
  /** Figures since they were told last, and runs of crons that are new; gives back how far it has told. */
  seen(begun: BegunMove, looked: Looked, atOnce?: boolean): Promise<Marks>;
  /** Why something could not be written down: from then on nothing is, and whoever carries the move on gives up. */
  lost(): Failure | undefined;
  /** Which runs of crons there were around the change of duty. */
  audit(begun: BegunMove, looked: Looked): Promise<void>;
}

export interface Outcome {
  readonly outcome: 'begun' | 'done' | 'failed';
  readonly message?: string;
  readonly tookMs?: number;
}

/** Figures are told so often, ms; of a move that takes long less often, so that a report has some hundred points. */
const shortestMs = 1_000;
const longestMs = 60_000;
const points = 300;

export function tellerFor(
  wired: Wired,
  { move: id, app }: Pick<Move, 'move' | 'app'>,
  watch: WatchMove,
): Teller {
  const { store, host } = wired;
  let last = '';
  const at = () => new Date(host.clock.now()).toISOString();
  let lost: Failure | undefined;
  const tell = async (event: MoveEvent) => {
    watch(event);
    // Each try waits for a store that is held; the first one that failed says enough.
    if (lost) return;
    lost = await store.recordMoveEvent(id, event);
  };
  return {
    async move() {
      const move = await store.move(id);
      if (!move || isFailure(move)) return;
      const text = JSON.stringify(move);
      if (text === last) return;
      last = text;
      await tell({ type: 'move', at: at(), move });
    },
    action: (phase, action, outcome) =>
      tell({ type: 'action', at: at(), move: id, app, phase, action, ...outcome }),
    gate: (stage, verdict) => tell({ type: 'gate', at: at(), move: id, app, stage, ...verdict }),
    deployment(event) {
      const told: MoveEvent = { type: 'deployment', at: event.at, move: id, event };
      watch(told);
      if (event.type === 'deployment') void store.recordMoveEvent(id, told);
    },
    async seen(begun, looked, atOnce = false) {
      const ticks = await tellTicks(looked);
      const marks: Marks = { ...looked.observation.marks, ...(ticks ? { ticks } : {}) };
      const { counted } = marks;
      const { now } = looked.observation;
      if (!counted) return { ...marks, before: looked.stats, counted: { at: now, stats: looked.stats } };
      const wait = Math.min(longestMs, Math.max(shortestMs, (now - Date.parse(begun.startedAt)) / points));
      // A clock that went back must not silence it.
      if (Math.abs(now - counted.at) < (atOnce ? 1 : wait)) return marks;
      const homes = figuresOf(looked, counted);
      if (homes) await tell({ type: 'figures', at: at(), move: id, app, homes });
      return { ...marks, counted: { at: now, stats: looked.stats } };
    },
    lost: () => lost,
    audit: (begun, looked) => audit(begun, looked),
  };

  async function audit(begun: BegunMove, { from, to, observation }: Looked): Promise<void> {
    const message = auditOf(begun, from, to, observation);
    if (message)
      await tell({
        type: 'action',
        at: at(),
        move: id,
        app,
        phase: 'duty',
        action: 'audit of ticks',
        outcome: 'done',
        message,
      });
  }

  async function tellTicks({ from, to, observation }: Looked): Promise<Marks['ticks']> {
    const before = observation.marks.ticks;
    if (!before && from.runs.length + to.runs.length === 0) return undefined;
    // What ran before anybody looked is no news.
    const sinceOf = (name: string) => (before ? (before[name] ?? 0) : observation.now);
    const told: Record<string, number> = {};
    for (const home of [from, to]) {
      const { home: name } = home.seen;
      const news = newer(home, sinceOf(name));
      for (const { cron, startedAt, scheduledAt = startedAt } of news) {
        await tell({
          type: 'tick',
          at: new Date(scheduledAt).toISOString(),
          move: id,
          app,
          home: name,
          cron,
        });
      }
      told[name] = news.at(-1)?.startedAt ?? sinceOf(name);
    }
    return told;
  }
}

function newer({ runs }: LookedHome, since: number) {
  return runs.filter(({ startedAt }) => startedAt > since);
}

/** Undefined where the edge has begun to count anew: what went on meanwhile nobody knows. */
function figuresOf(
  { stats, from, to, observation }: Looked,
  { at, stats: before }: { readonly at: number; readonly stats: readonly HomeStats[] },
): readonly HomeFigures[] | undefined {
  const homes: HomeFigures[] = [];
  for (const { seen } of [from, to]) {
    const traffic = trafficBetween(before, stats, seen.home);
    if (!traffic) return undefined;
    const now = stats.find(({ home }) => home === seen.home);
    const [p50, p99] = [50, 99].map((percent) => percentile(traffic.latencies, percent));
    homes.push({
      home: seen.home,
      share: observation.shares[seen.home] ?? 0,
      windowMs: Math.max(1, observation.now - at),
      requests: traffic.requests,
      errors: traffic.errors,
      overflow: traffic.overflow,
      ...(p50 === undefined ? {} : { p50 }),
      ...(p99 === undefined ? {} : { p99 }),
      inFlight: now?.inFlight ?? 0,
      websockets: now?.websockets ?? 0,
      instances: { wanted: seen.wanted, running: seen.healthy, healthy: seen.healthy },
    });
  }
  return homes;
}
