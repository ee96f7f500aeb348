import type { Note } from '../../model/note.ts';
import { placeText } from './failure-text.ts';
import type { Style } from './style.ts';

/** `warning: services/hcn.yml:7:3: message [id]`, with its hint below. */
export function noteText(note: Note, paint: Style, indent = ''): string {
  const words = { error: paint.red('error:'), warning: paint.yellow('warning:'), info: paint.cyan('note:') };
  const place = note.place ? `${placeText(note.place)}: ` : '';
  const subject = note.subject && !note.place ? `${note.subject}: ` : '';
  const fidelity = note.fidelity ? `${note.fidelity}, ` : '';
  const head = `${words[note.severity]} ${place}${subject}${note.message} ${paint.dim(`[${fidelity}${note.id}]`)}`;
  return note.hint ? `${head}\n${indent}  hint:     ${note.hint}` : head;
}

/** A note as `check --json` shows it. */
export function noteDocument(note: Note): Readonly<Record<string, unknown>> {
  const { kind: _kind, place, ...rest } = note;
  return { ...rest, ...(place ?? {}) };
}
