import type { Deployment } from '../../model/deployment.ts';
import type { HomeFigures, Move, MoveEvent, MovePhase, MovePlan } from '../../model/move.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');

export const madeUpPlan: MovePlan = {
  stages: [10, 50, 100],
  holdMs: 30_000,
  soakMs: 60_000,
  manual: false,
  gate: {
    minRequests: 50,
    inconclusive: 'hold',
    errorPercent: 1,
    percentile: 99,
    latencyFactor: 1.5,
    latencySlackMs: 20,
    restarts: 1,
    commands: [{ name: 'smoke', exec: 'sh smoke.sh' }],
    queries: [{ name: 'queue', prometheus: 'http://metrics:9090', query: 'sum(queue_depth)', max: 100 }],
  },
};

/** A move of account in test1 from mesos to k8s, as it begins. */
export function madeUpMove(more: Partial<Move> = {}): Move {
  return {
    move: 'm-4c1d',
    app: 'account',
    environment: 'test1',
    from: 'mesos',
    to: 'k8s',
    status: 'running',
    direction: 'forth',
    phase: 'arrive',
    shares: { mesos: 100, k8s: 0 },
    why: 'deploys the release of mesos to k8s',
    paused: false,
    plan: madeUpPlan,
    startedAt: atSecond(0),
    holder: 'ann@laptop',
    attended: true,
    ...more,
  };
}

/** ISO time so many seconds after the tests' noon. */
export function atSecond(seconds: number): string {
  return new Date(noon + seconds * 1_000).toISOString();
}

export interface MadeUp {
  readonly move: Move;
  readonly events: readonly MoveEvent[];
}

/** All goes well: a deployment in the middle, crons that change their home, an hour of soak. */
export function goodMove(): MadeUp {
  const record = recorder(madeUpMove());
  record.action(2, 'arrive', 'deploy d-11 to test1.k8s', 12, 'account 2.1.0 is there, dark');
  record.deployment(2, 14, 'd-11', '2.1.0', ['k8s']);
  record.phase(14, 'compare', {}, 'compares mesos with k8s');
  record.action(14, 'compare', 'compare mesos with k8s', 1.5, 'equivalent, 3 differences accepted');
  record.phase(16, 'rehearse', {}, 'probes k8s');
  record.action(16, 'rehearse', 'probe /health of k8s', 0.4, '3 of 3 instances answer 200');
  record.phase(18, 'share', { mesos: 100, k8s: 0 }, 'begins with 10 %');
  record.stage(18, 10, 30, 'pass', '1.00 × the latency, 0 % errors more than mesos');
  record.stage(50, 50, 30, 'pass', '0.97 × the latency, 0 % errors more than mesos');
  record.action(60, 'share', 'deploy d-12 to test1', 14, 'account 2.2.0 is live in both homes');
  record.deployment(60, 74, 'd-12', '2.2.0', ['mesos', 'k8s']);
  record.stage(82, 100, 30, 'pass', '1.02 × the latency of mesos before, 0 % errors more');
  record.phase(114, 'duty', { mesos: 0, k8s: 100 }, 'crons change their home');
  record.action(114, 'duty', 'disarm crons in mesos', 0.3, '2 crons disarmed');
  record.action(115, 'duty', 'arm crons in k8s', 0.2, '2 crons armed');
  record.phase(118, 'soak', { mesos: 0, k8s: 100 }, 'mesos stays warm for 1 h');
  record.ticks('interest', 15, 100, 175);
  record.ticks('statement', 20, 95, 175);
  record.traffic(0, 240);
  record.traffic(240, 3_600, 60);
  return record.end(3_720, 'done', { mesos: 0, k8s: 100 }, 'k8s has everything, mesos is dark');
}

/** The gate sees errors at 50 % and takes it back; one run of a cron is missed and one comes twice. */
export function badMove(): MadeUp {
  const record = recorder(madeUpMove());
  record.action(1, 'arrive', 'deploy d-21 to test1.k8s', 8, 'account 2.1.0 is there, dark');
  record.phase(9, 'share', { mesos: 100, k8s: 0 }, 'begins with 10 %');
  record.stage(10, 10, 30, 'pass', '1.10 × the latency, 0 % errors more than mesos');
  record.stage(42, 50, 8, 'fail', '4.1 % errors in k8s, 0 % in mesos: 1 % more is allowed');
  record.back(50, 'the gate failed at 50 %: 4.1 % errors in k8s, 0 % in mesos');
  record.action(50, 'share', 'share 0 %', 0.04, 'mesos has all of the traffic');
  record.action(51, 'share', 'wait for the requests of k8s', undefined, undefined, 'failed');
  record.ticks('interest', 15, 0, 30);
  record.ticks('interest', 15, 45, 61);
  record.ticks('interest', 15, 61, 62);
  record.traffic(0, 42);
  record.traffic(42, 51, 1, 0.04);
  record.traffic(51, 70);
  return record.end(70, 'back', { mesos: 100, k8s: 0 }, 'went back: the gate failed at 50 %');
}

function recorder(begun: Move) {
  const events: MoveEvent[] = [];
  const about = { move: begun.move, app: begun.app };
  const random = pseudoRandom(7);
  let move = begun;
  let dutyFrom = Number.POSITIVE_INFINITY;
  const change = (seconds: number, now: Partial<Move>) => {
    move = { ...move, ...now };
    events.push({ type: 'move', at: atSecond(seconds), move });
  };
  change(0, {});
  const action = (
    seconds: number,
    phase: MovePhase,
    name: string,
    took?: number,
    message?: string,
    outcome: 'done' | 'failed' = 'done',
  ) => {
    const what = { type: 'action', ...about, phase, action: name } as const;
    events.push({ ...what, at: atSecond(seconds), outcome: 'begun' });
    if (took === undefined && outcome === 'failed') return;
    const end = { outcome, ...(message === undefined ? {} : { message }), tookMs: (took ?? 0) * 1_000 };
    events.push({ ...what, at: atSecond(seconds + (took ?? 0)), ...end });
  };
  return {
    action,
    phase(seconds: number, phase: MovePhase, shares: Move['shares'], why: string) {
      if (phase === 'duty') dutyFrom = seconds;
      change(seconds, { phase, why, ...(Object.keys(shares).length > 0 ? { shares } : {}) });
    },
    stage(seconds: number, share: number, hold: number, verdict: 'pass' | 'fail', why: string) {
      action(seconds, 'share', `share ${share} %`, 0.03, `${begun.to} has ${share} %`);
      change(seconds + 1, {
        shares: { [begun.from]: 100 - share, [begun.to]: share },
        why: `holds ${share} %`,
      });
      events.push({ type: 'gate', at: atSecond(seconds + hold), ...about, stage: share, verdict, why });
    },
    back(seconds: number, why: string) {
      change(seconds, { direction: 'back', why });
      change(seconds + 1, { shares: { [begun.from]: 100, [begun.to]: 0 } });
    },
    deployment(from: number, to: number, id: string, version: string, homes: readonly string[]) {
      const base = { deployment: id, action: 'deploy', app: begun.app, version, homes } as const;
      const rest = {
        environment: begun.environment,
        holder: 'ann@laptop',
        steps: [],
        startedAt: atSecond(from),
      };
      const running: Deployment = { ...base, ...rest, status: 'running', attended: true };
      const done: Deployment = { ...running, status: 'done', attended: false, finishedAt: atSecond(to) };
      for (const [at, deployment] of [[from, running] as const, [to, done] as const]) {
        const event = { type: 'deployment', at: atSecond(at), deployment } as const;
        events.push({ type: 'deployment', at: atSecond(at), move: begun.move, event });
      }
    },
    ticks(cron: string, every: number, from: number, to: number) {
      for (let at = from; at < to; at += every) {
        const home = at >= dutyFrom ? begun.to : begun.from;
        events.push({ type: 'tick', at: atSecond(at), ...about, home, cron });
      }
    },
    traffic(from: number, to: number, every = 1, failing = 0) {
      for (let at = from + every; at <= to; at += every) {
        const share = shareAt(events, begun.to, at);
        const all = Math.round((900 + 150 * Math.sin(at / 40) + 60 * random()) * every);
        const moved = Math.round((all * share) / 100);
        const errors = Math.round(moved * failing);
        const homes = [
          figures(begun.from, 100 - share, all - moved, 0, every, 6.2 + random()),
          figures(begun.to, share, moved, errors, every, 5.1 + random() + failing * 900),
        ];
        events.push({ type: 'figures', at: atSecond(at), ...about, homes });
      }
    },
    end(seconds: number, status: Move['status'], shares: Move['shares'], why: string): MadeUp {
      change(seconds, { status, shares, why, attended: false, finishedAt: atSecond(seconds) });
      return { move, events: events.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)) };
    },
  };
}

function figures(
  home: string,
  share: number,
  requests: number,
  errors: number,
  seconds: number,
  p50: number,
): HomeFigures {
  const wanted = 3;
  return {
    home,
    share,
    windowMs: seconds * 1_000,
    requests,
    errors,
    overflow: 0,
    ...(requests > 0 ? { p50, p99: p50 * 4.5 } : {}),
    inFlight: Math.round(requests / seconds / 40),
    websockets: share > 0 ? 12 : 0,
    instances: { wanted, running: wanted, healthy: wanted },
    restarts: 0,
  };
}

function shareAt(events: readonly MoveEvent[], home: string, seconds: number): number {
  const told = events.filter((event) => event.type === 'move' && event.at <= atSecond(seconds));
  const last = told.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
  return last?.type === 'move' ? (last.move.shares[home] ?? 0) : 0;
}

/** The same numbers in every run: a linear congruence. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
