import type { Workload } from '../../../model/app.ts';
import { type Note, note } from '../../../model/note.ts';
import { type Json, list, record, text } from '../../json.ts';
import type { Remembered } from '../../remarks.ts';
import { leftBehind } from './foreign.ts';
import { type ReadCommand, readCommand } from './read-command.ts';
import { readEnv } from './read-env.ts';
import { readResources } from './read-resources.ts';

export interface ReadContainer {
  readonly workload: Omit<Workload, 'name'>;
  readonly container: Json;
  readonly notes: readonly Note[];
}

/** The container of a pod template that does the work, with what it has in common in services and crons. */
export function readContainer(
  template: Json,
  raw: Json,
  known: Remembered,
  ownSecret: string | undefined,
  subject: string,
): ReadContainer {
  const container = mainContainer(template);
  const inOrder = list(record(raw['spec'])['containers']).find(({ name }) => name === container['name']);
  const { env, literals, foreign } = readEnv(inOrder ?? container, known.secrets, ownSecret);
  const command = readCommand(container, { env, literals });
  const read = readResources(container, known.model);
  const sidecars = list(record(template['spec'])['containers']).filter((other) => other !== container);
  const dropped = [...foreign, ...read.foreign, ...sidecars.map(({ name }) => `container ${name}`)];
  return {
    workload: {
      image: text(container['image']) ?? '',
      ...(command.command === undefined ? {} : { command: command.command }),
      env,
      resources: read.resources,
    },
    container,
    notes: [
      ...dropped.map((what) => leftBehind(what, subject)),
      ...commandNotes(command, subject),
      ...read.differing.map((what) =>
        note('resources-differ', 'info', `${what}.`, { subject, fidelity: 'approximate' }),
      ),
      ...read.unknown.map((what) =>
        note('resources-unknown', 'warning', `Nothing says how much ${what} it needs; little is assumed.`, {
          subject,
          fidelity: 'decide',
        }),
      ),
    ],
  };
}

/** kubectl's own word for it, else the first. */
function mainContainer(template: Json): Json {
  const containers = record(template['spec'])['containers'];
  const { annotations } = record(template['metadata']);
  const named = record(annotations)['kubectl.kubernetes.io/default-container'];
  const all: readonly Json[] = Array.isArray(containers) ? containers : [];
  return all.find(({ name }) => named !== undefined && name === named) ?? all[0] ?? {};
}

function commandNotes(
  { isQuoted, isUnknown, isShellVariable }: ReadCommand,
  subject: string,
): readonly Note[] {
  const about = (
    id: string,
    severity: Note['severity'],
    fidelity: 'approximate' | 'decide',
    message: string,
  ) => note(id, severity, message, { subject, fidelity });
  return [
    ...(isQuoted
      ? [about('args-quoted', 'info', 'approximate', 'command and args are read as one shell command.')]
      : []),
    ...(isShellVariable
      ? [
          about(
            'shell-variable',
            'info',
            'approximate',
            'A reference to a secret, $(NAME), is left to the shell.',
          ),
        ]
      : []),
    ...(isUnknown
      ? [
          about(
            'args-without-command',
            'warning',
            'decide',
            "args go to the image's own command, which only the image knows; they are left behind.",
          ),
        ]
      : []),
  ];
}
