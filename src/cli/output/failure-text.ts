import type { Failure } from '../../model/failure.ts';
import type { Place } from '../../model/note.ts';
import type { Style } from './style.ts';
import { harmless } from './text-width.ts';

/** A failure for people, and all that were found in the same go. */
export function failureText(failure: Failure, style: Style): string {
  return [failure, ...(failure.more ?? [])].map((each) => one(each, style)).join('\n');
}

/** A failure for programs, as `--json` shows it. */
export function failureDocument(failure: Failure): Readonly<Record<string, unknown>> {
  const { kind: _kind, place, more, ...rest } = failure;
  return {
    ...rest,
    ...(place ?? {}),
    ...(more ? { more: more.map((other) => failureDocument(other)) } : {}),
  };
}

/** `services/hcn.yml:7:3` */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

function one(failure: Failure, style: Style): string {
  const place = failure.place ? `${placeText(failure.place)}: ` : '';
  const lines = [
    `${style.red('error:')} ${place}${style.bold(failure.message)} ${style.dim(`[${failure.code}]`)}`,
  ];
  if (failure.found !== undefined) lines.push(`  found:    ${failure.found}`);
  if (failure.expected !== undefined) lines.push(`  expected: ${failure.expected}`);
  const said = failure.hint === `known: ${failure.expected}`;
  if (failure.hint !== undefined && !said) lines.push(`  hint:     ${failure.hint}`);
  if (failure.details !== undefined) lines.push(...detailLines(failure.details, style));
  return lines.join('\n');
}

function detailLines(details: string, style: Style): readonly string[] {
  return details
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => `  ${style.dim('|')} ${harmless(line)}`);
}
