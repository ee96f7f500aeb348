import type { z } from 'zod';
import { typeWords } from './schema/look.ts';
import type { Path } from './yaml/tree.ts';

/** What a check wanted, to be read after "must be". */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'too_small':
      return size(issue.origin, issue.inclusive ? 'at least' : 'greater than', issue.minimum, issue.message);
    case 'too_big':
      return size(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum, issue.message);
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? formatWords(issue) : issue.message;
    case 'invalid_type':
      return typeWords[issue.expected] ?? issue.expected;
    default:
      return issue.message;
  }
}

function formatWords(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format === 'url') return 'a URL';
  return issue.pattern ? `a text that matches ${issue.pattern}` : `a ${issue.format}`;
}

function size(origin: string, comparison: string, limit: number | bigint, message: string): string {
  if (!message.startsWith('Too ')) return message;
  if (origin === 'string') return `a text of ${comparison} ${limit} characters`;
  return origin === 'array' ? `a list of ${comparison} ${limit} entries` : `${comparison} ${limit}`;
}

/** A value as it may be shown in a message; of what looks like a secret only the kind. */
export function describeValue(value: unknown, path: Path): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (/password|secret|token/i.test(String(path.at(-1)))) return typeWords[typeof value] ?? typeof value;
  if (typeof value !== 'string') return String(value);
  return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
}

/** What to do about a value of the wrong type, where that is clear. */
export function typeHint({ expected, input }: { expected: string; input?: unknown }): string | undefined {
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return 'put it in quotes';
  if (typeof input !== 'string') return undefined;
  if (expected === 'boolean' && /^(yes|on|y)$/i.test(input)) return 'write true';
  if (expected === 'boolean' && /^(no|off|n)$/i.test(input)) return 'write false';
  if (expected !== 'number' && expected !== 'int') return undefined;
  if (/^-?[\d.]+$/.test(input)) return 'remove the quotes';
  return /^[\d.]+\s*[a-z]+$/i.test(input) ? 'write the number alone, without a unit' : undefined;
}

/** `chronos_tasks[0].name` */
export function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}
