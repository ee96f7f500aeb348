import type { JsonSchema } from '../schemas.ts';

/** One line of a table of keys. */
export interface Row {
  /** `health.path`, `tests.after[].name` */
  readonly key: string;
  readonly type: string;
  readonly text: string;
}

/** The keys of a mapping and of the mappings in it, one row each. */
export function rowsOf(schema: JsonSchema, prefix = ''): Row[] {
  const required = (schema['required'] as string[] | undefined) ?? [];
  const shown = new Set<string>();
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const row = { key, type: typeOf(property), text: textOf(property, required.includes(name)) };
    const inner = innerRows(property, key);
    // `tests.after` has the entries of `tests.before`: once is enough.
    const same = inner.map(({ key: innerKey, text }) => innerKey.slice(key.length) + text).join();
    if (inner.length === 0 || shown.has(same)) return [row];
    shown.add(same);
    return [row, ...inner];
  });
}

/** A Markdown table; keys that differ only in their number (`haproxy_0_path`) share a row. */
export function tableOf(rows: readonly Row[]): string {
  const merged = new Map(rows.map((row) => [row.key.replace(/_\d+_/, '_N_'), row]));
  const lines = [...merged].map(([key, { type, text }]) => `| \`${key}\` | ${type} | ${text} |`);
  return ['| key | value | meaning |', '|---|---|---|', ...lines].join('\n');
}

function innerRows(schema: JsonSchema, key: string): Row[] {
  return formsOf(schema).flatMap((form) => {
    if (form['type'] === 'object') return rowsOf(form, `${key}.`);
    return form['type'] === 'array' ? innerRows(form['items'] as JsonSchema, `${key}[]`) : [];
  });
}

/** A schema with alternatives is each of them. */
function formsOf(schema: JsonSchema): JsonSchema[] {
  const forms = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  return forms ? forms.flatMap(formsOf) : [schema];
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

function typeOf(schema: JsonSchema): string {
  return [...new Set(formsOf(schema).map(formType))].join(' or ');
}

function formType(schema: JsonSchema): string {
  if (schema['const'] !== undefined) return `\`${asWritten(schema['const'])}\``;
  if (schema['enum']) return (schema['enum'] as unknown[]).map((value) => `\`${String(value)}\``).join(', ');
  if (String(schema['pattern']).includes('ms|s|m|h|d')) return 'duration';
  if (schema['type'] === 'array') return `list of ${plural(typeOf(schema['items'] as JsonSchema))}`;
  return typeWords[String(schema['type'])] ?? 'any';
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: '`True`, `False`',
  object: 'mapping',
};

function plural(type: string): string {
  return type.replace(/\b(text|mapping|number|duration)\b/g, '$1s');
}

function textOf(schema: JsonSchema, required: boolean): string {
  const description = String(schema['description'] ?? '');
  const value = schema['default'];
  const simple = value !== undefined && typeof value !== 'object' && !/default/i.test(description);
  const parts = [
    required ? '**Required.**' : '',
    description,
    simple ? `Default \`${asWritten(value)}\`.` : '',
  ];
  return parts.filter(Boolean).join(' ').replaceAll('|', '\\|');
}

/** As the seed's manifests write it. */
function asWritten(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}
