import type { z } from 'zod';
import type { ErrorCode } from '../model/errors.ts';
import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import { describeValue, expectation, pathText, typeHint } from './issue-words.ts';
import { keysOf, schemaAt, typeWord, typeWords } from './schema/look.ts';
import { lookUp, type Path, placeOf, spotOfKey, spotOfValue, type Tree } from './yaml/tree.ts';

export type Issue = z.core.$ZodIssue;

/** What was checked against what. */
export interface Found {
  readonly tree: Tree;
  readonly schema: z.ZodType;
  /** Where the tree belongs, for messages: `features.rmq`. */
  readonly within?: Path;
}

/** One problem that a schema found, in words and with its place. Each unknown key is a failure of its own. */
export function describeIssue(issue: Issue, found: Found): readonly Failure[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(issue.path, key, found));
    case 'invalid_type':
      return [wrongType(issue, found)];
    case 'invalid_union':
      return unionFailures(issue, found);
    case 'invalid_key':
      return [wrongKey(issue, found)];
    default:
      return [wrongValue(issue, found)];
  }
}

function unknownKey(path: Path, key: string, found: Found): Failure {
  const full = [...(found.within ?? []), ...path];
  const owner = full.length > 0 ? `\`${pathText(full)}\`` : found.tree.at.source.file;
  const hint = suggest(key, keysOf(schemaAt(found.schema, path)));
  return fail('unknown-key', `\`${key}\` is not a known key of ${owner}.`, {
    place: placeOf(spotOfKey(found.tree, [...path, key])),
    found: key,
    ...(hint ? { hint } : {}),
  });
}

function wrongType(issue: Issue & { code: 'invalid_type' }, found: Found): Failure {
  const { path, input } = issue;
  const at = schemaAt(found.schema, path);
  const custom = issue.message.startsWith('Invalid') ? undefined : issue.message;
  const expected = custom ?? (at && typeWord(at, input)) ?? typeWords[issue.expected] ?? issue.expected;
  return (
    missing(path, expected, found) ??
    mustBe('wrong-type', path, expected, input, found, custom ? undefined : typeHint(issue))
  );
}

/** The failure of a key that is not there at all. */
function missing(path: Path, expected: string, found: Found): Failure | undefined {
  if (path.length === 0 || lookUp(found.tree, path)) return undefined;
  return fail('missing-key', `${subject(path, found)} is missing.`, {
    place: placeOf(spotOfKey(found.tree, path.slice(0, -1))),
    expected: `\`${String(path.at(-1))}\`, ${expected}`,
  });
}

function wrongValue(issue: Issue, found: Found): Failure {
  const { path, input } = issue;
  const code =
    (issue.code === 'custom' && (issue.params?.['code'] as ErrorCode | undefined)) || 'wrong-value';
  const near = issue.code === 'invalid_value' ? suggest(String(input), issue.values.map(String)) : undefined;
  return mustBe(code, path, expectation(issue), input, found, near?.startsWith('did') ? near : undefined);
}

function mustBe(
  code: ErrorCode,
  path: Path,
  expected: string,
  input: unknown,
  found: Found,
  hint?: string,
): Failure {
  // What is said about a mapping as a whole is about its keys: "must have exactly one of".
  const whole = expected.startsWith('have ');
  const value = describeValue(input, path);
  const sentence = whole ? `must ${expected}.` : `must be ${expected}, but it is ${value}.`;
  return fail(code, `${subject(path, found)} ${sentence}`, {
    place: placeOf(spotOfValue(found.tree, path)),
    ...(whole ? {} : { found: value }),
    expected,
    ...(hint ? { hint } : {}),
  });
}

function wrongKey(issue: Issue & { code: 'invalid_key' }, { tree }: Found): Failure {
  const key = String(issue.path.at(-1));
  const expected = issue.issues.map(expectation).join(', ');
  return fail('wrong-value', `The name \`${key}\` must be ${expected}.`, {
    place: placeOf(spotOfKey(tree, issue.path)),
    found: key,
    expected,
  });
}

/** Of several forms the one that was meant: where the problem lies deepest; else all forms are named. */
function unionFailures(issue: Issue & { code: 'invalid_union' }, found: Found): readonly Failure[] {
  const [meant] = issue.errors
    .filter(
      (branch) =>
        branch.length > 0 && branch.every(({ path, code }) => path.length > 0 || rightKind.has(code)),
    )
    .sort((a, b) => a.length - b.length);
  if (meant) {
    return meant.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, found));
  }
  const expected = formsOf(issue, found);
  const text = issue.errors.some(([one]) => one?.code === 'invalid_type' && one.expected === 'string');
  const hint = text ? typeHint({ expected: 'string', input: issue.input }) : undefined;
  return [
    missing(issue.path, expected, found) ??
      mustBe('wrong-type', issue.path, expected, issue.input, found, hint),
  ];
}

/** Problems that can only come up when the value was of the right kind. */
const rightKind: ReadonlySet<string> = new Set([
  ...['unrecognized_keys', 'invalid_format', 'custom', 'too_small', 'too_big'],
]);

function formsOf(issue: Issue & { code: 'invalid_union' }, { schema }: Found): string {
  const at = schemaAt(schema, issue.path);
  return (at && typeWord(at)) ?? 'of another form';
}

function subject(path: Path, { within = [] }: Found): string {
  const full = [...within, ...path];
  return full.length === 0 ? 'The file' : `\`${pathText(full)}\``;
}
