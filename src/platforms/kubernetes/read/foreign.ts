import { type Note, note } from '../../../model/note.ts';
import { type Json, same } from '../../json.ts';

/** Fields that are read in another way, by their path; `*` is any one step. */
export type Understood = ReadonlySet<string>;

/**
 * Every field of a live object that is not what rehome would write for the model that was read of it: whatever nobody
 * has thought of fails closed, with its name. What rehome would write beside is no loss.
 */
export function foreignNotes(
  live: Json,
  wanted: Json,
  understood: Understood,
  subject: string,
): readonly Note[] {
  return [...differing('', live, wanted, understood)].map(({ path, isOurs }) =>
    isOurs ? otherwise(path, subject) : leftBehind(path, subject),
  );
}

interface Difference {
  readonly path: string;
  /** Whether rehome writes this field too, with another value. */
  readonly isOurs: boolean;
}

function* differing(path: string, live: Json, wanted: Json, understood: Understood): Generator<Difference> {
  for (const [key, value] of Object.entries(live)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (understood.has(at) || value === undefined || same(value, wanted[key])) continue;
    if (isRecord(value) && isRecord(wanted[key])) yield* differing(at, value, wanted[key], understood);
    else yield { path: at, isOurs: wanted[key] !== undefined };
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function leftBehind(what: string, subject: string): Note {
  const message = `${what} has no counterpart in the model and is left behind.`;
  return note('not-in-model', 'warning', message, { subject, field: what, fidelity: 'dropped' });
}

export function otherwise(what: string, subject: string): Note {
  const message = `${what} is not as rehome writes it for this home; a deploy sets it.`;
  return note('written-otherwise', 'info', message, { subject, field: what, fidelity: 'approximate' });
}
