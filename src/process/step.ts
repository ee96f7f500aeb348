import type { Failure } from '../model/failure.ts';
import type { DeployContext } from './context.ts';

/**
 * One step of the deploy process. It may run again after a crash at any moment, so it looks before it acts:
 * twice must be the same as once. A foreseen failure is returned.
 */
export interface Step<Output = unknown> {
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  run(context: DeployContext): Promise<Outcome<Output> | Failure>;
  /** Takes back what `run` did. Gets what run journalled, or undefined when it was cut short. */
  undo?(context: DeployContext, output: Output | undefined): Promise<string | undefined | Failure>;
}

export interface Outcome<Output = unknown> {
  /** What was done, in one line. */
  readonly message: string;
  /** Kept in the journal: plain JSON without secrets. */
  readonly output?: Output;
  readonly skipped?: boolean;
}
