import type { Output, Size } from '../output.ts';
import { screen } from './screen.ts';
import { style } from './style.ts';

/** What a terminal or pipe is to us. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface OutputOptions {
  readonly mode: Output['mode'];
  readonly verbose: boolean;
  readonly color: boolean;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function openOutput(options: OutputOptions): Output {
  const { mode, stdout, stderr, env } = options;
  const size = (): Size => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 });
  const bottom = screen((text) => stderr.write(text), size);
  const live = mode === 'text' && stderr.isTTY === true && env['TERM'] !== 'dumb';
  const json = (value: unknown) => `${JSON.stringify(value, masked, mode === 'json' ? 2 : undefined)}\n`;
  return {
    mode,
    verbose: options.verbose,
    live,
    unicode: showsUnicode(env),
    dataStyle: style(options.color && wantsColor(stdout, env)),
    lineStyle: style(options.color && wantsColor(stderr, env)),
    size,
    data: (text) => {
      if (mode === 'text') bottom.above(() => stdout.write(`${text}\n`));
    },
    document: (value) => {
      if (mode === 'json') stdout.write(json(value));
    },
    event: (value) => {
      if (mode === 'json-stream') stdout.write(json(value));
    },
    line: (text) => {
      if (mode === 'text') bottom.above(() => stderr.write(`${text}\n`));
    },
    block: (lines) => {
      if (live) bottom.block(lines);
    },
  };
}

/** https://no-color.org and https://force-color.org */
function wantsColor(stream: Stream, env: OutputOptions['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Only a locale that plainly says something else than UTF-8 makes us use ASCII. */
function showsUnicode(env: OutputOptions['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}

/** A secret stays a reference in every document. */
function masked(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('ref' in value)) return value;
  return value.kind === 'Secret' ? `(secret ${value.ref})` : value;
}
