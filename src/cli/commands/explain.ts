import { errors } from '../../model/errors.ts';
import { type Failure, fail } from '../../model/failure.ts';
import { nearest } from '../../model/nearest.ts';
import type { Platform } from '../../platforms/platform.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCodes } from '../help/command-help.ts';
import { wrap } from '../output/text-width.ts';
import type { Output } from '../output.ts';

type Noted = Pick<Platform, 'name' | 'notes'>;

const codes: readonly string[] = Object.keys(errors);

export const command: Command = {
  name: 'explain',
  summary: 'explain the code of an error or a note',
  description: 'Codes stand in brackets at the end of a message. They are permanent: scripts may match them.',
  args: [{ name: 'CODE', summary: 'say lock-held', required: true, complete: codes }],
  flags: [],
  examples: [
    ['rehome explain lock-held', 'what it means, what to do, and which exit code goes with it'],
    ['rehome explain no-health-check', 'why a rule says so'],
  ],
  run,
};

/** A code may be several: a rule's finding, the error that a deployment ends with, a note of some platforms. */
async function run({ args, output }: Invocation): Promise<number | Failure> {
  const code = args['CODE']?.[0] ?? '';
  const { plugins, rules: checked, builtNotes } = await import('../../rehome.ts');
  const rules = [...checked, ...builtNotes];
  const platforms: readonly Noted[] = plugins.platforms;
  const rule = rules.find(({ id }) => id === code);
  const error = Object.entries(errors).find(([name]) => name === code)?.[1];
  const told = platforms.flatMap(({ name, notes }) => (notes?.[code] ? [{ name, text: notes[code] }] : []));
  if (!rule && !error && told.length === 0) return unknown(code, [...codes, ...notesOf(rules, platforms)]);
  output.document({
    code,
    ...error,
    ...(rule ? { summary: rule.summary, doc: rule.doc } : {}),
    ...(told.length > 0 ? { platforms: Object.fromEntries(told.map(({ name, text }) => [name, text])) } : {}),
  });
  if (error) output.data(errorText(code, error, output));
  if (rule) output.data(ruleText(rule, output));
  for (const note of told) output.data(noteText(code, note, output));
  return 0;
}

function notesOf(rules: readonly { id: string }[], platforms: readonly Noted[]): readonly string[] {
  return [...rules.map(({ id }) => id), ...platforms.flatMap(({ notes }) => Object.keys(notes ?? {}))];
}

function errorText(code: string, error: (typeof errors)[keyof typeof errors], output: Output): string {
  return [
    `${output.dataStyle.bold(code)}: ${error.title}.`,
    ...(error.hint ? [`  what to do: ${error.hint}`] : []),
    `  exit code:  ${error.exit}, ${exitCodes[error.exit]}`,
  ].join('\n');
}

function ruleText(rule: { id: string; summary: string; doc: string }, output: Output): string {
  const text = wrap(rule.doc.replaceAll(/(?<!\n)\n(?!\n)/g, ' '), 96).join('\n');
  return `${output.dataStyle.bold(rule.id)}, a rule: ${rule.summary}\n\n${text}`;
}

function noteText(code: string, { name, text }: { name: string; text: string }, output: Output): string {
  return `${output.dataStyle.bold(code)}, a note of the platform ${name}:\n\n${wrap(text, 96).join('\n')}`;
}

function unknown(code: string, known: readonly string[]): Failure {
  const near = nearest(code, known);
  const question = near ? `; did you mean ${near}?` : '';
  return fail('usage', `no error or note has the code ${JSON.stringify(code)}${question}`, {
    found: code,
    expected: near ?? 'a code out of brackets, say lock-held',
  });
}
