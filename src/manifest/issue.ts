import type { z } from 'zod';
import type { ErrorCode } from '../model/errors.ts';
import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import { keysOf, schemaAt } from './schema/look.ts';
import { lookUp, type Path, placeOf, spotOfKey, spotOfValue, type Tree } from './yaml/tree.ts';

export type Issue = z.core.$ZodIssue;

/** What was checked against what. */
export interface Found {
  readonly tree: Tree;
  readonly schema: z.ZodType;
}

/** One problem that a schema found, in words and with its place. An unknown key each is one failure. */
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

function unknownKey(path: Path, key: string, { tree, schema }: Found): Failure {
  const known = keysOf(schemaAt(schema, path));
  const owner = path.length === 0 ? 'here' : `of \`${pathText(path)}\``;
  const hint = suggest(key, known);
  return fail('unknown-key', `\`${key}\` is not a known key ${owner}.`, {
    place: placeOf(spotOfKey(tree, [...path, key])),
    found: key,
    ...(hint ? { hint } : {}),
  });
}

function wrongType(issue: Issue & { code: 'invalid_type' }, { tree }: Found): Failure {
  const expected = typeWords[issue.expected] ?? issue.expected;
  const key = pathText(issue.path);
  const at = lookUp(tree, issue.path);
  if (!at && issue.path.length > 0) {
    return fail('missing-key', `\`${key}\` is missing.`, {
      place: placeOf(spotOfKey(tree, issue.path.slice(0, -1))),
      expected: `\`${String(issue.path.at(-1))}\`, ${expected}`,
    });
  }
  const found = describe(issue.input, issue.path);
  const hint = typeHint(issue.expected, issue.input);
  return fail('wrong-type', `${subject(issue.path)} must be ${expected}, but it is ${found}.`, {
    place: placeOf(spotOfValue(tree, issue.path)),
    found,
    expected,
    ...(hint ? { hint } : {}),
  });
}

function wrongValue(issue: Issue, { tree }: Found): Failure {
  const expected = expectation(issue);
  const found = describe(issue.input, issue.path);
  const code =
    (issue.code === 'custom' && (issue.params?.['code'] as ErrorCode | undefined)) || 'wrong-value';
  const hint =
    issue.code === 'invalid_value' ? suggest(String(issue.input), issue.values.map(String)) : undefined;
  return fail(code, `${subject(issue.path)} must be ${expected}, but it is ${found}.`, {
    place: placeOf(spotOfValue(tree, issue.path)),
    found,
    expected,
    ...(hint?.startsWith('did') ? { hint } : {}),
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
  const meant = issue.errors
    .filter(
      (branch) => branch.length > 0 && branch.every(({ path, code }) => path.length > 0 || isDeep(code)),
    )
    .sort((a, b) => a.length - b.length)[0];
  if (meant) {
    return meant.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, found));
  }
  const shallow = issue.errors.flatMap((branch) => branch.filter(({ path }) => path.length === 0));
  const texts = shallow.filter(
    ({ code }) => code === 'invalid_format' || code === 'custom' || code === 'too_small',
  );
  const [only] = texts;
  if (only && texts.length === 1) return [wrongValue({ ...only, path: issue.path }, found)];
  return [noForm(issue, shallow, found)];
}

/** Problems that show that the kind of the value was right. */
function isDeep(code: string): boolean {
  return code === 'unrecognized_keys';
}

function noForm(
  issue: Issue & { code: 'invalid_union' },
  shallow: readonly Issue[],
  { tree }: Found,
): Failure {
  const forms = new Set(
    shallow.map((one) => (one.code === 'invalid_type' ? typeOf(one.expected) : expectation(one))),
  );
  const expected = [...forms].join(' or ') || 'of another form';
  const found = describe(issue.input, issue.path);
  const at = lookUp(tree, issue.path);
  if (!at) {
    return fail('missing-key', `\`${pathText(issue.path)}\` is missing.`, {
      place: placeOf(spotOfKey(tree, issue.path.slice(0, -1))),
      expected,
    });
  }
  const hint = shallow.some((one) => one.code === 'invalid_type' && one.expected === 'string')
    ? typeHint('string', issue.input)
    : undefined;
  return fail('wrong-type', `${subject(issue.path)} must be ${expected}, but it is ${found}.`, {
    place: placeOf(spotOfValue(tree, issue.path)),
    found,
    expected,
    ...(hint ? { hint } : {}),
  });
}

function typeOf(expected: string): string {
  return typeWords[expected] ?? expected;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing',
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'too_small':
      return size(
        issue.origin,
        issue.inclusive ? 'at least' : 'greater than',
        Number(issue.minimum),
        issue.message,
      );
    case 'too_big':
      return size(
        issue.origin,
        issue.inclusive ? 'at most' : 'less than',
        Number(issue.maximum),
        issue.message,
      );
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? formatWords(issue) : issue.message;
    case 'invalid_type':
      return typeOf(issue.expected);
    default:
      return issue.message;
  }
}

function formatWords(issue: Issue & { code: 'invalid_format' }): string {
  if (issue.format === 'url') return 'a URL';
  return issue.pattern ? `a text that matches ${issue.pattern}` : `a ${issue.format}`;
}

function size(origin: string, comparison: string, limit: number, message: string): string {
  if (!message.startsWith('Too ')) return message;
  if (origin === 'string') return `a text of ${comparison} ${limit} characters`;
  if (origin === 'array') return `a list of ${comparison} ${limit} entries`;
  return `${comparison} ${limit}`;
}

/** A value as it may be shown in a message. */
function describe(value: unknown, path: Path): string {
  if (typeof value === 'string' && /password|secret|token/i.test(String(path.at(-1)))) return 'a text';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  const text = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return `the text ${JSON.stringify(text)}`;
}

function typeHint(expected: string, input: unknown): string | undefined {
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return 'put it in quotes';
  if (typeof input !== 'string') return undefined;
  if (expected === 'boolean' && /^(yes|on|y)$/i.test(input)) return 'write true';
  if (expected === 'boolean' && /^(no|off|n)$/i.test(input)) return 'write false';
  if (expected !== 'number' && expected !== 'int') return undefined;
  if (/^-?[\d.]+$/.test(input)) return 'remove the quotes';
  return /^[\d.]+\s*[a-z]+$/i.test(input) ? 'write the number alone, without a unit' : undefined;
}

function subject(path: Path): string {
  return path.length === 0 ? 'The file' : `\`${pathText(path)}\``;
}

/** `chronos_tasks[0].name` */
export function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}
