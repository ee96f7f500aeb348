import type { HomeStats, Shares } from '../edges/edge.ts';
import type { GateVerdict, MovePlan } from '../model/move.ts';
import type { Traffic } from './figures.ts';

/** What is wanted of a move: fixed when it begins, but for what an operator says to it. */
export interface Intent {
  readonly from: string;
  readonly to: string;
  readonly direction: 'forth' | 'back';
  readonly paused: boolean;
  /** Ends the soak. */
  readonly finish: boolean;
  /** Percent up to which somebody said yes; only asked for where the plan is manual. */
  readonly approved: number;
  readonly plan: MovePlan;
}

/** What was seen a moment ago. Everything here is looked at anew before each action. */
export interface Observation {
  /** ms since 1970. */
  readonly now: number;
  /** What works on the app, in words: `deployment d12 is under way`. */
  readonly busy?: string;
  readonly from: SeenHome;
  readonly to: SeenHome;
  /** As the edge splits the traffic; for an app without an address, as it is remembered. */
  readonly shares: Shares;
  /** Home on duty, as remembered. */
  readonly duty: string;
  /** What this move has found out so far and cannot be seen. */
  readonly marks: Marks;
  /** Of the stage in force; undefined before there is one. */
  readonly verdict?: {
    readonly verdict: GateVerdict;
    readonly why: string;
    /** A check that somebody asked for could not be made: nothing goes on without it. */
    readonly unanswered?: true;
  };
  /** When a cron of the app is due next, ms since 1970, and after how many ms again; undefined without crons. */
  readonly tick?: { readonly at: number; readonly everyMs: number };
}

export interface SeenHome {
  readonly home: string;
  /** Why it cannot be asked at the moment. */
  readonly silent?: string;
  /** What runs there; undefined where nothing of ours does. */
  readonly release?: { readonly version: string; readonly deployment: string };
  readonly wanted: number;
  readonly healthy: number;
  /** Whether its crons are armed; undefined without crons. */
  readonly armed?: boolean;
  /** Runs of crons that go on. */
  readonly running: number;
  /** Of the release, whatever share of the work it has at the moment: changes with every version or configuration. */
  readonly identity: string;
  /**
   * Whether what is live there is what the release is to be with this share, in percent, and duty. Always so for an app
   * that consumes no queue.
   */
  fits(share: number, duty: boolean): boolean;
}

/** Written by whoever carries the move on, read by whoever comes next. */
export interface Marks {
  /** The two releases that were compared, and found alike. */
  readonly compared?: string;
  /** The release that answered well in the new home while it was dark. */
  readonly rehearsed?: string;
  readonly stage?: Stage;
  /** The edge's counters when the move began. */
  readonly before?: readonly HomeStats[];
  /** What the old home answered while it had traffic, for when it has none. */
  readonly baseline?: Traffic;
  /** Up to where figures were told: they add up to all that was counted since the move began. */
  readonly counted?: { readonly at: number; readonly stats: readonly HomeStats[] };
  /** The latest run of a cron that was told, by home: when it began, ms since 1970. */
  readonly ticks?: Readonly<Record<string, number>>;
  /** When the crons of the old home were disarmed, ms since 1970. */
  readonly disarmed?: number;
  /** ms since 1970. */
  readonly soakSince?: number;
}

/** A share that is in force. */
export interface Stage {
  /** Percent of the new home. */
  readonly share: number;
  /** ms since 1970. */
  readonly since: number;
  /** The two releases: another deployment begins the stage anew. */
  readonly releases: string;
  /** The edge's counters when it began, or when its latest window did, ms since 1970. */
  readonly before: readonly HomeStats[];
  readonly window?: number;
  /** Instances of the new home when it began, and the deployment that had brought them. */
  readonly instances?: readonly string[];
  readonly deployment: string;
}

/** The one thing to do now. */
export type Action =
  | { readonly kind: 'wait'; readonly why: string; readonly until?: number }
  /** Deploys the version to one home, as it is to be with these shares and duty. */
  | {
      readonly kind: 'deploy';
      readonly home: string;
      readonly version: string;
      readonly share: number;
      readonly duty: boolean;
      readonly why: string;
    }
  | { readonly kind: 'compare'; readonly releases: string }
  | { readonly kind: 'rehearse'; readonly release: string }
  | { readonly kind: 'share'; readonly shares: Shares; readonly why: string }
  /** Notes that a share is in force from now on, and the counters. */
  | { readonly kind: 'begin-stage'; readonly share: number; readonly releases: string }
  | { readonly kind: 'disarm'; readonly home: string }
  | { readonly kind: 'arm'; readonly home: string; readonly why: string }
  | { readonly kind: 'begin-soak' }
  /** From here on it goes back, for a reason. */
  | { readonly kind: 'turn'; readonly why: string }
  | { readonly kind: 'settle'; readonly status: 'done' | 'back'; readonly why: string };
