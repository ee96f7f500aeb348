import { type ErrorCode, errors } from './errors.ts';
import type { Place } from './note.ts';

/**
 * A foreseen failure: a value that is returned, not thrown. Whatever is thrown is a bug.
 */
export interface Failure {
  readonly kind: 'Failure';
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly hint?: string;
  readonly place?: Place;
  /** Longer material, say the last lines of a log. Never holds a secret. */
  readonly details?: string;
  /** Further failures found in the same go. */
  readonly more?: readonly Failure[];
}

export type FailureDetails = Omit<Failure, 'kind' | 'code' | 'message'>;

export function fail(code: ErrorCode, message: string, details: FailureDetails = {}): Failure {
  const hint = details.hint ?? errors[code].hint;
  return { kind: 'Failure', code, message, ...details, ...(hint ? { hint } : {}) };
}

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Failure';
}

/** One failure that carries all of them, or undefined for none. */
export function together(failures: readonly Failure[]): Failure | undefined {
  const [first, ...more] = failures;
  return first && (more.length > 0 ? { ...first, more } : first);
}

/** Exit code of DESIGN §8 that a failure ends a command with. */
export function exitCode(failure: Failure): number {
  return errors[failure.code].exit;
}
