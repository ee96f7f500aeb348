import { flagsOf } from '../arguments/common-flags.ts';
import type { Argument, Command, Flag } from '../command.ts';
import { pad, wrap } from '../output/text-width.ts';

export const exitCodes: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed',
  2: 'the command line, a manifest or rehome.yaml is wrong; nothing was changed',
  3: 'differences or problems found',
  4: 'failed and rolled back',
  5: 'somebody else holds the lock',
  70: 'stopped waiting or was interrupted; it may yet succeed',
};

const columns = 96;

/** The help text of one command, made from its data. */
export function commandHelp(command: Command): string {
  const parts = [
    `${capital(command.summary)}.`,
    `Usage: ${usage(command)}`,
    ...(command.description ? [wrap(command.description, columns).join('\n')] : []),
    ...argumentPart(command),
    flagPart('Flags', command.flags),
    flagPart(
      'Common flags',
      flagsOf(command).filter((flag) => !command.flags.includes(flag)),
    ),
    examplePart(command),
    `Exit codes\n${codes(command)
      .map((code) => `  ${pad(String(code), 3)} ${exitCodes[code]}`)
      .join('\n')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `rehome deploy APP:VERSION... -e ENV [flags]` */
export function usage(command: Command): string {
  const words = command.args.map((argument) => spelled(argument));
  const required = command.flags
    .filter((flag) => flag.required)
    .map((flag) => `${flag.short ? `-${flag.short}` : `--${flag.name}`} ${flag.value}`);
  const rest = command.rest ? [`[-- ${command.rest.name}]`] : [];
  return ['rehome', command.name, ...words, ...required, '[flags]', ...rest].join(' ');
}

/** Exit codes that a command can end with, ascending. */
export function codes(command: Command): readonly number[] {
  return [0, 1, 2, ...(command.exits ?? [])].sort((a, b) => a - b);
}

/** `-e, --environment ENV` */
export function flagName(flag: Flag): string {
  return `${flag.short ? `-${flag.short}, ` : '    '}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
}

/** What a flag does, with its default and choices. */
export function flagText(flag: Flag): string {
  const more = [
    ...(flag.required ? ['required'] : []),
    ...(flag.many ? ['may be repeated'] : []),
    ...(flag.choices ? [`one of ${flag.choices.join(', ')}`] : []),
    ...(flag.default ? [`default ${flag.default}`] : []),
  ];
  return more.length === 0 ? flag.summary : `${flag.summary} (${more.join('; ')})`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function spelled(argument: Argument): string {
  const name = `${argument.name}${argument.many ? '...' : ''}`;
  return argument.required ? name : `[${name}]`;
}

function argumentPart(command: Command): readonly string[] {
  const all = [
    ...command.args,
    ...(command.rest ? [{ ...command.rest, name: `-- ${command.rest.name}` }] : []),
  ];
  return all.length === 0
    ? []
    : [`Arguments\n${rows(all.map((each) => [each.name, each.summary] as const))}`];
}

function flagPart(title: string, flags: readonly Flag[]): string {
  const shown = flags.filter((flag) => !flag.hidden);
  if (shown.length === 0) return '';
  return `${title}\n${rows(shown.map((flag) => [flagName(flag), flagText(flag)] as const))}`;
}

function examplePart(command: Command): string {
  if (command.examples.length === 0) return '';
  return `Examples\n${command.examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')}`;
}

/** Two columns; the second is wrapped under itself. */
function rows(pairs: readonly (readonly [string, string])[]): string {
  const left = Math.max(...pairs.map(([name]) => name.length)) + 2;
  return pairs
    .flatMap(([name, text]) =>
      wrap(text, columns - left - 2).map((line, index) => `  ${pad(index === 0 ? name : '', left)}${line}`),
    )
    .join('\n');
}
