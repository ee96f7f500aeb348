import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type Failure, fail } from '../../model/failure.ts';
import type { Text } from '../text.ts';
import { grow } from './grow.ts';
import { placeOf, type Source, type Tree } from './tree.ts';

/** What a file says, as far as it could be read, and every problem found on the way. */
export interface Parsed {
  /** Undefined when the file is empty or not YAML at all. */
  readonly tree?: Tree;
  readonly failures: readonly Failure[];
}

const mostShown = 10;

/**
 * Reads YAML 1.2 (core schema, so `True` and `512.0` are what they seem) into a tree with places.
 * `yaml-syntax`, `duplicate-key`, `too-large`, `unknown-key` (for `__proto__`).
 */
export function parseYaml({ file, text }: Text): Parsed {
  const lines = new LineCounter();
  const source = { file, lines };
  // Uniqueness is checked while growing the tree: the library's own check is quadratic.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings].slice(0, mostShown);
  if (problems.length > 0) return { failures: problems.map((problem) => syntaxError(problem, source)) };
  return document.contents ? grow(document.contents, source) : { failures: [] };
}

function syntaxError(problem: YAMLError, source: Source): Failure {
  const place = placeOf({ source, offset: problem.pos[0] });
  if (problem.code === 'RESOURCE_EXHAUSTION') {
    return fail('too-large', `${source.file} is nested too deeply to be read.`, { place });
  }
  const [code, message] =
    problem.code === 'MULTIPLE_DOCS'
      ? (['yaml-syntax', 'a file holds one document, but another one begins here'] as const)
      : (['yaml-syntax', firstLine(problem.message)] as const);
  const hint = hints[problem.code];
  return fail(code, `${source.file} is not valid YAML: ${message}.`, { place, ...(hint ? { hint } : {}) });
}

const hints: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'remove the line --- or put each application in a file of its own',
  TAG_RESOLVE_FAILED: 'write the value without a tag',
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds ": " in quotes',
  UNEXPECTED_TOKEN: 'put a text with braces, such as "{{ app_name }}", in quotes',
};

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/[.:]$/, '') ?? message;
}
