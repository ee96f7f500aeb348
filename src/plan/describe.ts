import type { Change, FieldChange } from '../model/native.ts';

const signs = { create: '+', update: '~', delete: '-' } as const;

/** One change in lines for people: `~ update marathon app /hcn`, and below it `    cmd: "a" → "b"`. */
export function describe(change: Change): readonly string[] {
  const head = `${signs[change.action]} ${change.action} ${change.object}`;
  return [head, ...change.fields.map((field) => `    ${describeField(field)}`)];
}

function describeField(field: FieldChange): string {
  if (!('from' in field)) return `${field.path}: ${text(field.to)}`;
  if (!('to' in field)) return `${field.path}: ${text(field.from)} → (none)`;
  if (field.from === field.to) return `${field.path}: ${text(field.to)} (another value)`;
  return `${field.path}: ${text(field.from)} → ${text(field.to)}`;
}

const longest = 200;

/** Text as it is where that cannot be mistaken, anything else as JSON on one line. */
function text(value: unknown): string {
  const plain =
    typeof value === 'string' &&
    /^[^\s"'{}[\]](.*\S)?$/.test(value) &&
    !/^[\d.+-]+$|^(true|false|null)$/.test(value);
  const shown = plain ? value : JSON.stringify(value);
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}
