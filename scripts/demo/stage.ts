import type { Shell } from './shell.ts';
import type { Target } from './target.ts';
import type { Ticks } from './ticks.ts';
import type { Requests, Traffic } from './traffic.ts';
import type { Voice } from './voice.ts';

export interface Stage {
  readonly folder: string;
  /** Where the bank moves to. */
  readonly target: Target;
  readonly shell: Shell;
  readonly voice: Voice;
  readonly measured: Measured;
  /** Every process seen that belongs to the demo. */
  readonly pids: Set<number>;
  traffic?: Traffic | undefined;
  /** When the crons were deployed, ms since 1970. */
  cronsSince?: number;
}

export interface Measured {
  requests: Requests;
  ticks: Ticks;
}

export interface Chapter {
  readonly name: string;
  readonly title: string;
  /** Throws when something is not as it should be. */
  tell(stage: Stage): Promise<void>;
}
