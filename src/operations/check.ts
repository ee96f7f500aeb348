import { findWhere } from '../manifest/where.ts';
import type { Environment } from '../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { Note } from '../model/note.ts';
import { prepare } from './prepare.ts';
import type { Wired } from './wired.ts';

/** A version to try manifests with; it says nothing about whether such an image exists. */
const anyVersion = '0.0.0';

/** Builds every asked app for every asked environment and gathers what the rules say. */
export async function check(
  wired: Wired,
  { apps, environment }: { readonly apps?: readonly string[]; readonly environment?: string },
): Promise<readonly Note[] | Failure> {
  const { workspace } = wired;
  const known = Object.keys(workspace.manifests);
  const stranger = apps?.find((app) => !known.includes(app));
  if (stranger !== undefined) {
    const hint = suggest(stranger, known);
    return fail('unknown-app', `No manifest has app_name ${stranger}.`, hint ? { hint } : {});
  }
  const places = environment === undefined ? everyHome(workspace.environments) : [environment];
  const notes: Note[] = [];
  for (const app of apps?.length ? apps : known) {
    const found: (readonly Note[])[] = [];
    for (const place of places) found.push(await checkOne(wired, app, place));
    notes.push(...(environment === undefined ? whereMeant(found) : found.flat()));
  }
  return distinct(notes);
}

/** Nobody asked for this very environment: an app that is not meant for production is no error. */
function whereMeant(found: readonly (readonly Note[])[]): readonly Note[] {
  const missing = ({ id }: Note) => id === 'missing-section';
  const nowhere = found.every((notes) => notes.some(missing));
  if (nowhere) return found.flat();
  return found.flat().map((note) => (missing(note) ? { ...note, severity: 'warning' } : note));
}

function everyHome(environments: Readonly<Record<string, Environment>>): string[] {
  return Object.values(environments).flatMap(({ name, homes }) =>
    homes.map((home) => `${name}.${home.name}`),
  );
}

async function checkOne(wired: Wired, app: string, place: string): Promise<readonly Note[]> {
  const where = findWhere(wired.workspace, place);
  if (isFailure(where)) return [asNote(where)];
  const prepared = await prepare(wired, { app, version: anyVersion }, place, { look: false });
  if (isFailure(prepared)) return [prepared, ...(prepared.more ?? [])].map(asNote);
  return prepared.built.flatMap(({ notes, translation }) => [
    // Whether an image exists is a question of the version that is deployed.
    ...notes.filter(({ id }) => id !== 'missing-image'),
    // What is merely told of a translation, rehome render --notes tells.
    ...translation.filter(({ severity }) => severity !== 'info'),
  ]);
}

export function asNote({ code, message, hint, place }: Failure): Note {
  return {
    kind: 'Note',
    id: code,
    severity: 'error',
    message,
    ...(hint ? { hint } : {}),
    ...(place ? { place } : {}),
  };
}

/** The same finding in twelve environments is one finding. */
function distinct(notes: readonly Note[]): readonly Note[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
