import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, fail } from '../model/failure.ts';

/** A file of the workspace with its text. */
export interface Text {
  /** Relative to the workspace. */
  readonly file: string;
  readonly text: string;
}

/** Manifests have a few KiB; the limit keeps hostile ones from taking seconds. */
const largest = 128 * 1024;

/**
 * Reads a file of the workspace as UTF-8. `file-unusable`, `too-large`, or `yaml-syntax` for bytes that are
 * no text. Reads bytes itself, not over the host, because a decoded string cannot tell that it was broken.
 */
export function readText(root: string, file: string): Text | Failure {
  const bytes = readBytes(root, file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return controlCharacter(file, text) ?? { file, text };
  } catch {
    return fail('yaml-syntax', `${file} is not UTF-8 text.`, {
      place: { file, line: lineOfBrokenByte(bytes), column: 1 },
      hint: 'save the file as UTF-8',
    });
  }
}

function readBytes(root: string, file: string): Uint8Array | Failure {
  try {
    const handle = openSync(join(root, file), 'r');
    try {
      const { size } = fstatSync(handle);
      return size > largest ? tooLarge(file, size) : readFileSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail('file-unusable', `${file} cannot be read: ${why}.`, { place: { file, line: 1, column: 1 } });
  }
}

function tooLarge(file: string, size: number): Failure {
  return fail('too-large', `${file} is larger than a file of settings should be.`, {
    place: { file, line: 1, column: 1 },
    found: `${Math.ceil(size / 1024)} KiB`,
    expected: `at most ${largest / 1024} KiB`,
  });
}

function controlCharacter(file: string, text: string): Failure | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const index = text.search(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/);
  if (index < 0) return undefined;
  const before = text.slice(0, index).split('\n');
  const code = text.charCodeAt(index).toString(16).padStart(2, '0');
  return fail('yaml-syntax', `${file} holds a control character (0x${code}), which YAML does not allow.`, {
    place: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
  });
}

/** The line on which decoding fails: every line before it decodes by itself. */
function lineOfBrokenByte(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (!decodes(bytes.subarray(start, end < 0 ? bytes.length : end)) || end < 0) return line;
    line += 1;
    start = end + 1;
  }
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
