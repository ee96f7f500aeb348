/**
 * How much a difference matters. `equivalent`: said otherwise, comes to the same. `accepted`: not the same, and fine,
 * because of what the home is or because somebody said so for a while. `blocking`: somebody has to decide.
 */
export const verdicts = ['equal', 'equivalent', 'accepted', 'blocking'] as const;
export type Verdict = (typeof verdicts)[number];

/** Two homes side by side. */
export interface Comparison {
  /** `test1.mesos` */
  readonly left: string;
  readonly right: string;
  readonly apps: readonly AppComparison[];
}

/** How one app behaves in two homes. */
export interface AppComparison {
  readonly app: string;
  /** The worst of its differences; `equal` without any. */
  readonly verdict: Verdict;
  /** Blocking ones first. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** What of the app, in the model's words: `services.hcn.env.LOGSTASH_TAG`, `crons.SYNC.schedule`. */
  readonly path: string;
  /** For show: secrets are masked, and null is what is not there. */
  readonly left: unknown;
  readonly right: unknown;
  readonly verdict: Exclude<Verdict, 'equal'>;
  /** For people, a sentence or the beginning of one. */
  readonly why: string;
}

/** A difference that somebody has accepted for a while, from `moves: {accept: [...]}` in rehome.yaml. */
export interface Acceptance {
  /** As a difference has it; `*` stands for any text. */
  readonly path: string;
  /** Any app where absent. */
  readonly app?: string;
  readonly owner: string;
  /** The last day on which it holds, UTC: `2026-12-31`. */
  readonly until: string;
  readonly why: string;
}

export function worst(differences: readonly Pick<Difference, 'verdict'>[]): Verdict {
  const ranks = differences.map(({ verdict }) => verdicts.indexOf(verdict));
  return verdicts[Math.max(0, ...ranks)] ?? 'equal';
}
