import type { StepRecord } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { Begun, Claim } from '../store/store.ts';
import type { DeployContext, Untimed } from './context.ts';
import type { Step } from './step.ts';

/**
 * Carries one deployment on, from wherever its journal says it is, to an end. The port that the rest sees:
 * whoever replaces the engine keeps this. Resolves at the moment of the end; nothing polls for it.
 */
export interface Engine {
  run(work: Work): Promise<Ending>;
}

export interface Work {
  readonly claim: Claim;
  readonly begun: Begun;
  readonly steps: readonly Step[];
  /** Everything of the context that does not change from step to step. */
  readonly context: Omit<DeployContext, 'step' | 'outputs' | 'signal' | 'tell'>;
  readonly watch: (event: Untimed | { readonly type: 'step'; readonly step: StepRecord }) => void;
  /** Ctrl-C, or a client that stops waiting: leave it so that it can be resumed. */
  readonly signal: AbortSignal;
}

/** How this process's part in a deployment ended. */
export type Ending =
  | { readonly kind: 'over' }
  /** Stopped on request: still running in the journal, for whoever resumes it. */
  | { readonly kind: 'interrupted' }
  /** A home does not answer: still running in the journal, for whoever resumes it. */
  | { readonly kind: 'stalled'; readonly failure: Failure }
  /** Another process has it, or the store cannot be written: nothing more was done here. */
  | { readonly kind: 'lost'; readonly failure: Failure };
