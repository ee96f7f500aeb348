import type { Command, Flag } from '../command.ts';

/** Flags of every command; they may also stand before its name. */
export const commonFlags: readonly Flag[] = [
  { name: 'help', short: 'h', summary: 'show this help and do nothing' },
  { name: 'json', summary: 'one JSON document on stdout' },
  {
    name: 'workspace',
    value: 'DIR',
    summary: 'folder of rehome.yaml, if not this one or one above',
    complete: 'folder',
  },
  { name: 'no-color', summary: 'no colours (also: NO_COLOR)' },
  { name: 'verbose', short: 'v', summary: 'say more' },
];

const streamFlag: Flag = { name: 'json-stream', summary: 'events as JSON, one a line, on stdout' };
/** Commands that change an environment have it anyway. */
export const dryRunFlag: Flag = { name: 'dry-run', summary: 'show what would change and change nothing' };
const yesFlag: Flag = { name: 'yes', short: 'y', summary: 'do not ask in protected environments' };

/** Every flag that a command takes, its own first. */
export function flagsOf(command: Command): readonly Flag[] {
  return [
    ...command.flags,
    ...(command.mutates ? [dryRunFlag, yesFlag] : []),
    ...(command.streams ? [streamFlag] : []),
    ...commonFlags,
  ];
}
