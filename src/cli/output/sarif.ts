import { errors } from '../../model/errors.ts';
import type { Note } from '../../model/note.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Findings as SARIF 2.1.0, which code review tools read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function sarif(notes: readonly Note[]): unknown {
  const ids = [...new Set(notes.map((note) => note.id))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'rehome', rules: ids.map(rule) } },
        columnKind: 'unicodeCodePoints',
        results: notes.map(result),
      },
    ],
  };
}

function rule(id: string) {
  const known = Object.entries(errors).find(([code]) => code === id)?.[1];
  return known ? { id, shortDescription: { text: known.title } } : { id };
}

function result(note: Note) {
  const text = note.hint ? `${note.message} (${note.hint})` : note.message;
  return {
    ruleId: note.id,
    level: levels[note.severity],
    message: { text },
    ...(note.place ? { locations: [location(note.place)] } : {}),
  };
}

function location(place: NonNullable<Note['place']>) {
  return {
    physicalLocation: {
      artifactLocation: { uri: place.file },
      region: { startLine: place.line, startColumn: place.column },
    },
  };
}
