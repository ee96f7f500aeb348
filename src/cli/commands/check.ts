import { errors } from '../../model/errors.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { type Note, note } from '../../model/note.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command } from '../command.ts';
import { failureDocument } from '../output/failure-text.ts';
import { noteDocument, noteText } from '../output/note-text.ts';
import { sarif } from '../output/sarif.ts';
import type { Output } from '../output.ts';

export const command: Command = {
  name: 'check',
  summary: 'validate rehome.yaml and the manifests',
  description:
    'Reads everything as a deploy would and tells every problem with its place. Ends with 2 where a file cannot ' +
    'be understood, and with 3 where a rule forbids a deployment. Warnings alone end with 0.',
  args: [{ name: 'APP', summary: 'only these apps', required: false, many: true, complete: 'app' }],
  flags: [
    { ...filterFlag, summary: 'only as this environment gets it' },
    {
      name: 'format',
      value: 'FORMAT',
      summary: 'how to print',
      choices: ['text', 'json', 'sarif'],
      default: 'text',
    },
  ],
  examples: [
    ['rehome check', 'everything'],
    ['rehome check hcn -e prod', 'one app in one environment'],
    ['rehome check --format sarif > check.sarif', 'for code review tools'],
  ],
  exits: [3],
  run: async ({ args, flags, output, open }) => {
    const operations = await open();
    if (isFailure(operations)) return unreadable(operations, flags.text('format') ?? 'text', output);
    const [apps, environment] = [args['APP'] ?? [], flags.text('environment')];
    const notes = await operations.check({
      ...(apps.length > 0 ? { apps } : {}),
      ...(environment ? { environment } : {}),
    });
    if (isFailure(notes)) return notes;
    print(notes, flags.text('format') ?? 'text', output);
    return checkExit(notes);
  },
};

/** Files that cannot be read are the findings, where somebody wants findings. */
function unreadable(failure: Failure, format: string, output: Output): number | Failure {
  const asked = format !== 'text' || output.mode === 'json';
  if (!asked || failure.place === undefined) return failure;
  const notes = [failure, ...(failure.more ?? [])].map(({ code, message, hint, place }) =>
    note(code, 'error', message, { ...(hint ? { hint } : {}), ...(place ? { place } : {}) }),
  );
  print(notes, format, output, { error: failureDocument(failure) });
  return checkExit(notes);
}

/** Codes of errors that are findings: the files were understood. */
const findings = ['check-failed', 'feature-not-configured', 'missing-image', 'missing-secret'];

/** What cannot be understood carries the code of an error; everything else is a rule's finding. */
function checkExit(notes: readonly Note[]): number {
  const bad = notes.filter((note) => note.severity === 'error');
  if (bad.some(({ id }) => id in errors && !findings.includes(id))) return 2;
  return bad.length > 0 ? 3 : 0;
}

function print(notes: readonly Note[], format: string, output: Output, more = {}): void {
  const document = { notes: notes.map(noteDocument), ...more };
  output.document(document);
  if (format === 'json') output.data(JSON.stringify(document, undefined, 2));
  else if (format === 'sarif') output.data(JSON.stringify(sarif(notes), undefined, 2));
  else output.data([...notes.map((note) => noteText(note, output.dataStyle)), totals(notes)].join('\n'));
}

function totals(notes: readonly Note[]): string {
  const count = (severity: Note['severity']) => notes.filter((note) => note.severity === severity).length;
  const [wrong, doubtful] = [count('error'), count('warning')];
  if (wrong === 0 && doubtful === 0) return 'All is well.';
  return `${wrong} ${wrong === 1 ? 'error' : 'errors'}, ${doubtful} ${doubtful === 1 ? 'warning' : 'warnings'}.`;
}
