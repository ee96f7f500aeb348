import type { Json } from '../../json.ts';
import { expanded } from '../compile/expansion.ts';
import type { ReadEnv } from './read-env.ts';

export interface ReadCommand {
  readonly command?: string;
  /** Words that were executed without a shell are read as a command of one. */
  readonly isQuoted?: true;
  /** Arguments for the image's own command, which only the image knows. */
  readonly isUnknown?: true;
  /** It refers to a variable that has no value in the clear; the shell looks it up instead. */
  readonly isShellVariable?: true;
}

/** What a container runs, as one command of a shell; none means the image's own. */
export function readCommand(
  container: Json,
  { env, literals }: Pick<ReadEnv, 'env' | 'literals'>,
): ReadCommand {
  const [command, args] = [words(container['command']), words(container['args'])];
  if (command.length + args.length === 0) return {};
  if (command.length === 0) return { isUnknown: true };
  const made = [...command, ...args].map((word) => expanded(word, literals));
  const inShell = made.some(({ unknown }) => unknown.some((name) => name in env));
  const shown = made.map(({ text }) => text);
  const [shell = '', option, script] = shown;
  const isScript = shown.length === 3 && /^(\/bin\/)?sh$/.test(shell) && option === '-c';
  const said = isScript
    ? variables(script ?? '', env)
    : `exec ${shown.map((word) => quoted(word, env)).join(' ')}`;
  return {
    command: said,
    ...(isScript ? {} : { isQuoted: true }),
    ...(inShell ? { isShellVariable: true } : {}),
  };
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Kubernetes would have put the value in; the shell does so too. */
function variables(text: string, env: ReadEnv['env']): string {
  return text.replace(reference, (whole, name: string) => (isVariable(name, env) ? `\${${name}}` : whole));
}

const reference = /\$\(([^)]*)\)/g;

function isVariable(name: string, env: ReadEnv['env']): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && name in env && typeof env[name] !== 'string';
}

function quoted(word: string, env: ReadEnv['env']): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  const parts: string[] = [];
  let literal = '';
  const close = () => {
    if (literal !== '') parts.push(`'${literal.replaceAll("'", "'\\''")}'`);
    literal = '';
  };
  for (const part of word.split(/(\$\([^)]*\))/)) {
    const name = /^\$\(([^)]*)\)$/.exec(part)?.[1];
    if (name === undefined || !isVariable(name, env)) literal += part;
    else {
      close();
      parts.push(`"\${${name}}"`);
    }
  }
  close();
  return parts.join('') || "''";
}
