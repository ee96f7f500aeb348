import type { UpgradeStrategy } from './orchestrator.ts';

/** What a decision needs to know of one instance. */
export interface Candidate {
  readonly id: string;
  /** Of another revision than the target. */
  readonly old: boolean;
  /** Is being killed for good already. */
  readonly ending: boolean;
  /** Has ended and waits for its next start. */
  readonly waiting: boolean;
  readonly running: boolean;
  readonly healthy: boolean;
  /** Healthy, and ready where that is asked. */
  readonly ready: boolean;
  /** ms since 1970; undefined before its launch. */
  readonly startedAt?: number;
}

export interface Situation {
  readonly wanted: number;
  readonly candidates: readonly Candidate[];
  readonly upgrade: UpgradeStrategy;
  readonly killSelection: 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
  /** `keep`: no rollout goes on. */
  readonly kind: 'replace' | 'scale' | 'stop' | 'keep';
  /** Of a replacement. */
  readonly strategy?: Strategy;
}

/** What a replacement goes by, fixed when it begins. */
export interface Strategy {
  /** Old instances at its begin, those not counted that only waited. */
  readonly old: number;
  /** How many of them are killed before any successor runs. */
  readonly killAtOnce: number;
  /** Old and new ones together never are more. */
  readonly capacity: number;
  /** Killing never leaves fewer healthy ones. */
  readonly floor: number;
}

export interface Decision {
  /** Ids to kill for good, or to drop where they only wait. */
  readonly kill: readonly string[];
  /** How many new instances of the target to add. */
  readonly add: number;
  readonly done: boolean;
}

/** The next moves towards what is wanted; pure, and called again after every change. */
export function decide(situation: Situation): Decision {
  const { kind, candidates } = situation;
  if (kind === 'stop') {
    return { kill: idsOf(candidates.filter(stays)), add: 0, done: candidates.length === 0 };
  }
  if (kind === 'replace') return replace(situation);
  const staying = candidates.filter(stays);
  const missing = Math.max(0, situation.wanted - staying.length);
  if (kind === 'keep') return { kill: [], add: missing, done: false };
  const surplus = Math.max(0, staying.length - situation.wanted);
  const done = missing + surplus === 0 && candidates.every(({ healthy, ending }) => healthy && !ending);
  return { kill: idsOf(inKillOrder(staying, situation.killSelection).slice(0, surplus)), add: missing, done };
}

/** How a replacement goes, as Marathon's TaskReplaceActor computes it. */
export function strategyOf({
  wanted,
  candidates,
  upgrade,
}: Pick<Situation, 'wanted' | 'candidates' | 'upgrade'>): Strategy {
  const old = candidates.filter((one) => one.old && stays(one) && !one.waiting);
  const healthy = old.filter((one) => one.healthy).length;
  const minHealthy = Math.ceil(exact(wanted * upgrade.minHealthy));
  const most = Math.floor(exact(wanted * (1 + upgrade.maxOver)));
  return {
    old: old.length,
    killAtOnce: Math.max(0, healthy - minHealthy, old.length - wanted),
    // one more than asked for where else nothing could ever move
    capacity: minHealthy === most && most <= healthy ? most + 1 : most,
    floor: Math.min(minHealthy, healthy),
  };
}

/**
 * Old ones that only wait are dropped. Every new one that is ready lets one old one go, beyond those killed at
 * once; and one more goes where nothing else could move, because old ones have ended by themselves. New ones are
 * started while old and new together stay under the capacity.
 */
function replace({ wanted, candidates, killSelection, strategy }: Situation): Decision {
  if (!strategy) throw new Error('A replacement has no strategy.');
  const old = candidates.filter((one) => one.old);
  const fresh = candidates.filter((one) => !one.old && stays(one));
  const waiting = old.filter((one) => one.waiting && stays(one));
  const oldLeft = old.filter((one) => stays(one) && !one.waiting);
  const surplus = inKillOrder(fresh, killSelection).slice(0, Math.max(0, fresh.length - wanted));
  const room = strategy.capacity - (candidates.length - waiting.length);
  const add = Math.max(0, Math.min(room, wanted - fresh.length));
  const ready = fresh.filter((one) => one.ready).length;
  const stuck = add === 0 && ready === candidates.length - waiting.length - oldLeft.length;
  const allowed = strategy.killAtOnce + ready - (strategy.old - oldLeft.length);
  const victims = aboveFloor(candidates, oldLeft, Math.max(allowed, stuck ? 1 : 0), strategy.floor);
  const done = candidates.length === wanted && candidates.every((one) => !one.old && stays(one) && one.ready);
  return { kill: idsOf([...waiting, ...victims, ...surplus]), add, done };
}

/** At most `count` of the old ones, unhealthy ones first, and of the healthy ones only as many as can be spared. */
function aboveFloor(
  candidates: readonly Candidate[],
  old: readonly Candidate[],
  count: number,
  floor: number,
): readonly Candidate[] {
  let spare = candidates.filter((one) => one.healthy && stays(one)).length - floor;
  const victims: Candidate[] = [];
  for (const one of unhealthyFirst(old)) {
    if (victims.length >= count) break;
    if (one.healthy && spare-- <= 0) break;
    victims.push(one);
  }
  return victims;
}

/** 10 × (1 + 0.1) must not become 11.000000000000002. */
function exact(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** Unhealthy ones, then those not yet running, then by the service's own choice. */
function inKillOrder(
  candidates: readonly Candidate[],
  selection: Situation['killSelection'],
): readonly Candidate[] {
  const sign = selection === 'YOUNGEST_FIRST' ? -1 : 1;
  const rank = (one: Candidate): number => (one.waiting ? 0 : !one.running ? 2 : one.healthy ? 3 : 1);
  const age = (one: Candidate): number => one.startedAt ?? Number.MAX_SAFE_INTEGER;
  return [...candidates].sort((a, b) => rank(a) - rank(b) || sign * (age(a) - age(b)));
}

function unhealthyFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => Number(a.healthy) - Number(b.healthy));
}

function stays({ ending }: Candidate): boolean {
  return !ending;
}

function idsOf(candidates: readonly Candidate[]): readonly string[] {
  return candidates.map(({ id }) => id);
}
