/** Where in a file something stands; lines and columns count from 1. */
export interface Place {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** How well a translation carried something. */
export type Fidelity = 'exact' | 'approximate' | 'dropped' | 'decide';

/** One finding with a stable id. */
export interface Note {
  readonly kind: 'Note';
  /** Stable, kebab-case: `feature-not-configured`. */
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
  readonly fidelity?: Fidelity;
  /** What it is about, in the platform's own words: `marathon app /hcn`. */
  readonly subject?: string;
  /** The field of it, where one note is given of several: `constraints`. */
  readonly field?: string;
}

export function note(
  id: string,
  severity: Note['severity'],
  message: string,
  more: Partial<Note> = {},
): Note {
  return { kind: 'Note', id, severity, message, ...more };
}
