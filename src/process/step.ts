import type { Failure } from '../model/failure.ts';
import type { DeployContext } from './context.ts';

/**
 * One step of the deploy process. It may run again after a crash at any moment, so it looks before it acts:
 * twice must be the same as once. A foreseen failure is returned.
 */
export interface Step {
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  run(context: DeployContext): Promise<Outcome | Failure>;
  /**
   * Takes back what `run` did; also called when `run` was cut short. Answers what it did in one line,
   * or undefined when there was nothing to take back.
   */
  undo?(context: DeployContext): Promise<string | undefined | Failure>;
}

export interface Outcome {
  /** What was done, in one line. */
  readonly message: string;
  /** Kept in the journal for later steps: plain JSON without secrets. */
  readonly output?: unknown;
  readonly skipped?: boolean;
}

export function done(message: string, output?: unknown): Outcome {
  return output === undefined ? { message } : { message, output };
}

export function skipped(message: string): Outcome {
  return { message, skipped: true };
}
