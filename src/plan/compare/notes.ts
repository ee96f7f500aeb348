import type { Difference } from '../../model/comparison.ts';
import type { Note } from '../../model/note.ts';
import { keyPath } from '../path.ts';
import { difference } from './found.ts';
import type { Pair, Side, SideNote } from './side.ts';

/**
 * What one home does not carry as the other does. What both translate in the same way is no difference between them;
 * what somebody wrote into both and nobody can read may be one.
 */
export function compareNotes(pair: Pair, said: (one: SideNote) => boolean): readonly Difference[] {
  const untold = (side: Side) => notesOf(side).filter((one) => !said(one));
  const [left, right] = [untold(pair.left), untold(pair.right)];
  const only = (own: readonly SideNote[], other: readonly SideNote[]) =>
    firsts(own).filter((one) => !other.some((each) => keyOf(each) === keyOf(one)));
  const both = firsts(left).filter((one) => right.some((each) => keyOf(each) === keyOf(one)));
  return [
    ...only(left, right).map((one) => told(one, pair, [wordOf(one), 'exact'])),
    ...only(right, left).map((one) => told(one, pair, ['exact', wordOf(one)])),
    ...both.filter(isUnread).map(unread),
  ];
}

/** Only those that say that something is not carried exactly. */
export function notesOf({ notes }: Side): readonly SideNote[] {
  return notes.filter(({ note: { fidelity } }) => fidelity !== undefined && fidelity !== 'exact');
}

/** How much it matters that only one home has this note. */
export function verdictOf(one: SideNote, pair: Pick<Pair, 'edge'>): Difference['verdict'] {
  const { severity, fidelity } = one.note;
  if (severity === 'error' || fidelity === 'decide') return 'blocking';
  if (fidelity === 'approximate') return severity === 'info' ? 'equivalent' : 'accepted';
  return severity === 'info' || isFronted(one, pair) ? 'accepted' : 'blocking';
}

/** What a home does with names and paths does not matter where requests come by way of an edge. */
function isFronted({ about }: SideNote, { edge }: Pick<Pair, 'edge'>): boolean {
  return about === 'routes' && edge !== undefined;
}

export function wordsOf({ severity: _, message, hint }: Note): string {
  return hint ? `${message} (${hint})` : message;
}

function told(one: SideNote, pair: Pair, [left, right]: readonly [string, string]): Difference {
  const { note } = one;
  const subject = note.subject ? `${note.subject}: ` : '';
  const words = isFronted(one, pair)
    ? `${note.message} Requests come by way of the edge of ${pair.edge}, the same for both homes.`
    : wordsOf(note);
  return difference(pathOf(note), left, right, verdictOf(one, pair), `${subject}${words}`);
}

function pathOf({ id, field }: Note): string {
  return field === undefined ? `notes.${id}` : keyPath(`notes.${id}`, field);
}

/** The value in the field of both is what no model has a word for. */
function isUnread({ note, from }: SideNote): boolean {
  return from === 'live' && note.fidelity === 'dropped' && note.severity !== 'info';
}

function unread({ note }: SideNote): Difference {
  const why = `${note.message} Both homes have it; whether they have the same, rehome cannot tell.`;
  return difference(pathOf(note), note.fidelity, note.fidelity, 'accepted', why);
}

/** What is dropped or undecided is one thing each; an approximation is the same whatever words tell of it. */
function keyOf({ note: { id, fidelity, field = '', message } }: SideNote): string {
  return fidelity === 'approximate' ? `${id} ${field}` : `${id} ${message}`;
}

function firsts(notes: readonly SideNote[]): readonly SideNote[] {
  return notes.filter((one, at) => notes.findIndex((other) => keyOf(other) === keyOf(one)) === at);
}

function wordOf({ note: { fidelity } }: SideNote): string {
  return fidelity ?? 'exact';
}
