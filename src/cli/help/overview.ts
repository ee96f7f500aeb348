import type { Entry } from '../command.ts';
import { groups, membersOf } from '../groups.ts';

/** What `rehome --help` shows. Loads no command. */
export function overview(list: readonly Entry[]): string {
  const shown = list.filter((entry) => !entry.hidden);
  const width = Math.max(...shown.map((entry) => entry.name.length)) + 2;
  const parts = groups.map((group) => {
    const lines = shown
      .filter((entry) => entry.group === group)
      .map((entry) => `  ${entry.name.padEnd(width)}${entry.summary}`);
    return `${group}\n${lines.join('\n')}`;
  });
  return [
    'rehome deploys services by one short manifest and one command, the same on every platform.',
    'Usage: rehome COMMAND [arguments] [flags]',
    ...parts,
    'rehome help COMMAND tells all about one. It works in the workspace of the current folder or its parents.',
  ].join('\n\n');
}

/** What `rehome lock --help` shows: the commands of a group; undefined where there is none. */
export function groupHelp(list: readonly Entry[], group: string): string | undefined {
  const members = membersOf(list, group);
  if (members.length === 0) return undefined;
  const width = Math.max(...members.map((entry) => entry.name.length)) + 2;
  const lines = members.map((entry) => `  ${entry.name.padEnd(width)}${entry.summary}`);
  return `Usage: rehome ${group} ${members.map((entry) => entry.name.slice(group.length + 1)).join('|')} [flags]\n\n${lines.join('\n')}`;
}
